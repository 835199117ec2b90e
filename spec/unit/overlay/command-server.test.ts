/** The gate of the screen's commands: what is not of the contract is refused, counted, and never reaches a handler. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { CommandServer } from '../../../overlay/main/command-server.ts';
import type { CommandHandlers } from '../../../overlay/main/command-server.ts';
import { commandSchemas } from '../../../overlay/ipc/index.ts';

/** Each handler notes that it was reached. */
function makeServer(): { readonly server: CommandServer; readonly reached: readonly (readonly [string, unknown])[] } {
  const reached: [string, unknown][] = [];
  const note = (name: string) => (input: unknown) => {
    reached.push([name, input]);
    throw new Error('reached');
  };
  const handlers: CommandHandlers = {
    'settings.get': note('settings.get'),
    'settings.set': note('settings.set'),
    'shortcut.set': note('shortcut.set'),
    'app.state': note('app.state'),
    'log.search': note('log.search'),
    'log.context': note('log.context'),
    'log.sessions': note('log.sessions'),
    'log.stats': note('log.stats'),
    'log.picture': note('log.picture'),
    'log.correct': note('log.correct'),
    'log.delete': note('log.delete'),
    'log.export': note('log.export'),
    'people.state': note('people.state'),
    'people.set-name': note('people.set-name'),
    'people.token-make': note('people.token-make'),
    'people.token-revoke': note('people.token-revoke'),
    'people.check-code': note('people.check-code'),
    'people.ask': note('people.ask'),
    'people.withdraw': note('people.withdraw'),
    'people.accept': note('people.accept'),
    'people.decline': note('people.decline'),
    'people.block': note('people.block'),
    'people.unblock': note('people.unblock'),
    'people.remove': note('people.remove'),
    'people.rename': note('people.rename'),
    'people.confirm-words': note('people.confirm-words'),
    'people.scope': note('people.scope'),
    'people.nearby': note('people.nearby'),
    'people.ask-nearby': note('people.ask-nearby'),
    'people.check': note('people.check'),
    'messages.page': note('messages.page'),
    'messages.send': note('messages.send'),
    'messages.shown': note('messages.shown'),
    'room.make': note('room.make'),
    'room.leave': note('room.leave'),
    'people.backup': note('people.backup'),
    'people.restore': note('people.restore'),
    'clipboard.write': note('clipboard.write'),
    'capture.sources': note('capture.sources'),
    'capture.choose': note('capture.choose'),
    'capture.regions': note('capture.regions'),
    'capture.search': note('capture.search'),
    'capture.forget-font': note('capture.forget-font'),
    'capture.diagnostics': note('capture.diagnostics'),
    'capture.run': note('capture.run'),
    'capture.preview': note('capture.preview'),
    'lobby.mark': note('lobby.mark'),
    'overlay.interactive': note('overlay.interactive'),
    'app.quit': note('app.quit'),
  };
  return { server: new CommandServer(handlers), reached };
}

const id = '01BX5ZZKBKACTAV9WEVGEMMVRZ';

for (const [name, input] of [
  ['log.search', { query: 'gg', limit: 50, cursor: null }],
  ['log.context', { id, before: 3, after: 3 }],
  ['capture.search', { on: false }],
  ['capture.regions', { regions: [{ x: 0, y: 0.5, w: 1, h: 0.5 }], profile: 'generic' }],
  ['lobby.mark', { name: null }],
  ['app.quit', null],
] as const) {
  test(`${name} of the contract reaches its handler`, async () => {
    const { server, reached } = makeServer();
    await assert.rejects(server.answer(true, name, input), /reached/);
    assert.deepEqual(reached, [[name, input]]);
    assert.equal(server.refused, 0);
  });
}

for (const [what, name, input] of [
  ['an unknown name', 'log.drop', null],
  ['a name of every object', 'constructor', null],
  ['a name that is no text', 7, null],
  ['a name that has no text at all', Object.create(null), null],
  ['an id that is none', 'log.delete', { id: '../../etc/passwd' }],
  ['a limit too high', 'log.search', { query: '', limit: 501, cursor: null }],
  ['a query too long', 'log.search', { query: 'x'.repeat(501), limit: 1, cursor: null }],
  ['a region outside of the picture', 'capture.regions', { regions: [{ x: 0, y: 0, w: 1.1, h: 1 }], profile: 'x' }],
  [
    'five regions',
    'capture.regions',
    { regions: Array.from({ length: 5 }, () => ({ x: 0, y: 0, w: 1, h: 1 })), profile: 'x' },
  ],
  ['a value that is no number', 'log.context', { id, before: Number.NaN, after: 0 }],
  ['a missing field', 'capture.run', {}],
  ['an input where there is none', 'app.quit', 'now'],
] as const) {
  test(`${what} is refused with a sentence and counted`, async () => {
    const { server, reached } = makeServer();
    await assert.rejects(server.answer(true, name, input), /^TypeError: Expected .* but received/);
    assert.equal(server.refused, 1);
    assert.deepEqual(reached, []);
  });
}

test('another frame is refused whatever it sends', async () => {
  const { server, reached } = makeServer();
  await assert.rejects(server.answer(false, 'app.state', null), /another frame/);
  assert.equal(server.refused, 1);
  assert.deepEqual(reached, []);
});

test('no message at all makes the gate throw anything but its sentence', async () => {
  const names = fc.oneof(fc.constantFrom(...Object.keys(commandSchemas)), fc.anything());
  await fc.assert(
    fc.asyncProperty(names, fc.anything(), async (name, input) => {
      const { server, reached } = makeServer();
      await assert.rejects(server.answer(true, name, input), /reached|^TypeError: Expected/);
      assert.equal(reached.length + server.refused, 1);
    }),
  );
});
