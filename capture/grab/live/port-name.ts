/** `data` of the window message that carries the port to the reader from the preload to the page. */
export const GRAB_PORT = 'lobbykeep:frames';
