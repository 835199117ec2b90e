/** One real socket on loopback that outlives its errors. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { TransportCounters } from '../../../../net/transport/transport-counters.ts';
import { SEND_WAITING_LIMIT, UdpSocket } from '../../../../net/transport/udp-socket.ts';

interface Opened {
  readonly socket: UdpSocket;
  readonly counters: TransportCounters;
  readonly heard: string[];
  readonly opens: number[];
  /** Sends to itself again and again until something is heard. */
  readonly hearItself: () => Promise<void>;
}

function create(context: TestContext, port = 0): Opened {
  const counters = new TransportCounters();
  const heard: string[] = [];
  const opens: number[] = [];
  const socket = new UdpSocket({
    address: '127.0.0.1',
    port,
    isShared: false,
    counters,
    onMessage: (bytes) => heard.push(Buffer.from(bytes).toString()),
    onOpen: (inner) => opens.push(inner.address().port),
  });
  context.after(() => socket.close());
  const hearItself = async (): Promise<void> => {
    const before = heard.length;
    for (let attempt = 0; attempt < 200 && heard.length === before; attempt += 1) {
      await socket.send(Buffer.from('ping'), { address: '127.0.0.1', port: socket.port });
      // What was lost announces nothing: the next attempt is the only way to know.
      await wait(20);
    }
    assert.ok(heard.length > before, 'nothing was heard');
  };
  return { socket, counters, heard, opens, hearItself };
}

test('a socket sends and hears', async (context) => {
  const { socket, counters, hearItself } = create(context);
  assert.ok((await socket.open()).ok);
  assert.notEqual(socket.port, 0);
  await hearItself();
  assert.ok(counters.sent >= 1);
  assert.equal(counters.errors.size, 0);
});

test('a port that is taken is a failure with the code of the system', async (context) => {
  const first = create(context);
  await first.socket.open();
  const second = create(context, first.socket.port);
  const opened = await second.socket.open();
  assert.deepEqual(opened, { ok: false, error: { kind: 'bind', code: 'EADDRINUSE' } });
  assert.equal(second.socket.failure, 'EADDRINUSE');
  assert.equal(second.counters.errors.get('bind EADDRINUSE'), 1);
});

test('a socket that waits for its port has it when it is free', async (context) => {
  const first = create(context);
  await first.socket.open();
  const second = create(context, first.socket.port);
  assert.ok(!(await second.socket.open()).ok);
  second.socket.keepTrying();
  await first.socket.close();
  await second.hearItself();
  assert.equal(second.socket.failure, null);
});

test('a socket that the system closed is opened again on the same port', async (context) => {
  const { socket, counters, opens, hearItself } = create(context);
  await socket.open();
  const { port } = socket;
  const inner = socket.socket?.socket;
  assert.ok(inner);
  inner.close();
  await once(inner, 'close');
  assert.equal(socket.failure, 'closed');
  await hearItself();
  assert.equal(socket.failure, null);
  assert.deepEqual(opens, [port, port]);
  assert.equal(counters.reopened, 1);
});

test('an error that no network makes opens the socket anew', async (context) => {
  const { socket, counters, opens, hearItself } = create(context);
  await socket.open();
  socket.socket?.socket.emit('error', Object.assign(new Error('broken'), { code: 'EBADF' }));
  assert.equal(socket.failure, 'EBADF');
  await hearItself();
  assert.equal(opens.length, 2);
  assert.equal(counters.errors.get('receive EBADF'), 1);
});

test('what networks do to datagrams is counted and nothing else', async (context) => {
  const { socket, counters, opens, hearItself } = create(context);
  await socket.open();
  for (const code of ['ECONNRESET', 'ENETUNREACH', 'EHOSTUNREACH', 'EPERM', 'ENOBUFS'])
    socket.socket?.socket.emit('error', Object.assign(new Error('ordinary'), { code }));
  assert.equal(socket.failure, null);
  await hearItself();
  assert.equal(opens.length, 1);
  assert.equal(counters.errors.get('receive ECONNRESET'), 1);
  assert.equal(counters.errors.size, 5);
});

test('a name is never looked up, a bad port or an unreachable place is counted', async (context) => {
  const { socket, counters } = create(context);
  await socket.open();
  assert.equal(await socket.send(Buffer.from('x'), { address: 'localhost', port: 9 }), false);
  assert.equal(await socket.send(Buffer.from('x'), { address: '127.0.0.1', port: 0 }), false);
  assert.equal(counters.errors.get('send EINVAL'), 1);
  assert.equal(counters.errors.get('send ERR_SOCKET_BAD_PORT'), 1);
  assert.equal(counters.sent, 0);
});

test('more than 1,024 sends at once are not kept waiting', async (context) => {
  const { socket, counters } = create(context);
  await socket.open();
  const to = { address: '127.0.0.1', port: socket.port };
  const sends = Array.from({ length: SEND_WAITING_LIMIT + 5 }, () => socket.send(Buffer.from('x'), to));
  const taken = (await Promise.all(sends)).filter((isTaken) => isTaken);
  assert.equal(taken.length, SEND_WAITING_LIMIT);
  assert.equal(counters.unsent, 5);
});

test('nothing is sent before it is open or after it is closed, and closing while opening closes', async (context) => {
  const { socket, counters } = create(context);
  const to = { address: '127.0.0.1', port: 9 };
  assert.equal(await socket.send(Buffer.from('x'), to), false);
  const opening = socket.open();
  await socket.close();
  await opening;
  assert.equal(socket.socket, null);
  assert.equal(await socket.send(Buffer.from('x'), to), false);
  assert.equal(counters.unsent, 2);
  await socket.close();
});
