/**
 * Entry of the overlay renderer: takes the bridge that the preload put on the window and draws the screen with it.
 * Without a bridge (the page was opened in a browser) it says so instead of showing an empty screen.
 */
import { render } from 'preact';
import { App } from './screen/app.tsx';
import { findBridge } from './screen/bridge.ts';
import './styles/index.css';

const host = document.getElementById('screen');
if (host === null) throw new Error('Expected an element #screen in index.html but received none');

const bridge = findBridge(window);
render(
  bridge === null ? (
    <p class="no-bridge">This page is the screen of Lobbykeep. Start the app with “npm start”.</p>
  ) : (
    <App bridge={bridge} />
  ),
  host,
);
