/**
 * A style sheet imported for its effect: esbuild gathers them into `ui.css`, which the page links.
 */
declare module '*.css';
