/** An address as a person types it: `10.0.0.7`, `10.0.0.7:41975`, `pc-of-mia:41975`, `[fe80::1%eth0]:41975`. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { SESSION_PORT } from '../../../net/index.ts';
import type { Endpoint } from '../../../net/index.ts';

const hostForm = /^(?=.{1,253}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i;

/** Null where it is none, or no machine has the name. Without a port it is the one that Lobbykeep uses where it is free. */
export async function resolveTypedAddress(typed: string): Promise<Endpoint | null> {
  const split = splitPort(typed.trim());
  if (split === null) return null;
  const { host, port } = split;
  if (isIP(host.split('%')[0] ?? '') !== 0) return { address: host, port };
  if (!hostForm.test(host)) return null;
  try {
    const { address } = await lookup(host);
    return { address, port };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

function splitPort(text: string): { readonly host: string; readonly port: number } | null {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  const plain = /^([^:]+)(?::(\d{1,5}))?$/.exec(text);
  const match = bracketed ?? plain;
  const [host, portText] = match === null ? [text, undefined] : [match[1] ?? '', match[2]];
  if (match === null && isIP(text.split('%')[0] ?? '') !== 6) return null;
  const port = portText === undefined ? SESSION_PORT : Number(portText);
  return port >= 1 && port <= 65_535 ? { host, port } : null;
}
