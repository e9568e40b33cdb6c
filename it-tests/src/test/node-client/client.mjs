// Attaches, watches, beats and receives a pulse, with what proto/ says and nothing else.
// Usage: node client.mjs ADDRESS PROTO_DIRECTORY    (ADDRESS: unix:PATH or HOST:PORT)
// Writes one line of JSON and exits 0 if everything was as it should be.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [address, protos] = process.argv.slice(2);
const definition = loader.loadSync('hamlet/v1/ham.proto', {
  includeDirs: [protos],
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});
const { Ham } = grpc.loadPackageDefinition(definition).hamlet.v1;
const ham = new Ham(address, grpc.credentials.createInsecure());
const name = `node-${process.pid}`;
const client = randomBytes(8).readBigUInt64LE().toString();
let sequence = 0;

/** The header of a change: a repetition of it would be answered, not done again. */
const header = () => {
  sequence += 1;
  return { client, sequence, answeredBelow: sequence, ack: 'ACK_LEVEL_LOCAL' };
};

const deadline = () => ({ deadline: Date.now() + 10_000 });

const call = (method, request) =>
  new Promise((resolve, reject) => {
    ham[method](request, deadline(), (error, answer) => (error ? reject(error) : resolve(answer)));
  });

/** A stream as a queue: next(test) waits for the first message that passes. */
const queue = (stream) => {
  const waiting = [];
  const arrived = [];
  const look = () => {
    for (const one of [...waiting]) {
      const at = arrived.findIndex(one.test);
      if (at >= 0) {
        waiting.splice(waiting.indexOf(one), 1);
        one.resolve(arrived.splice(at, 1)[0]);
      }
    }
  };
  const fail = (error) => waiting.splice(0).forEach((one) => one.reject(error));
  stream.on('data', (message) => {
    arrived.push(message);
    look();
  });
  stream.on('error', fail);
  stream.on('end', () => fail(new Error('the stream has ended')));
  return {
    next: (what, test) => {
      const found = new Promise((resolve, reject) => {
        waiting.push({ test, resolve, reject });
        look();
      });
      const late = pause(10_000, undefined, { ref: false }).then(() => {
        throw new Error(`waited in vain for ${what}`);
      });
      return Promise.race([found, late]);
    },
  };
};

const evidence = {};
const status = await call('status', {});
evidence.node = status.node;

const attached = await call('attach', {
  header: header(),
  name,
  spec: { argv: ['/bin/sleep', '30'] },
});
evidence.pid = attached.handle.pid;
assert.ok(Number(attached.handle.pid) > 0);

const refused = await call('attach', { header: header(), name: 'a/b', pid: 1 }).catch((e) => e);
assert.equal(refused.code, grpc.status.INVALID_ARGUMENT);
evidence.refused = refused.details;

const watch = ham.watch({ path: name });
const events = queue(watch);
await events.next('the watch', (m) => m.message === 'caughtUp');

const channel = ham.pulses();
const pulses = queue(channel);
channel.write({ header: header(), pid: process.pid });
const opened = await pulses.next('the channel', (m) => m.channel > 0);

const entity = { path: name, uid: attached.handle.uid };
const condition = await call('addCondition', {
  header: header(),
  entity,
  name: 'trouble',
  type: 'CONDITION_TYPE_RAISE',
  raiseType: 5,
});
await call('addAction', {
  header: header(),
  condition: { path: condition.handle.path, uid: condition.handle.uid },
  name: 'tell',
  deed: { pulse: { pid: process.pid, channel: opened.channel, code: 7, value: '-42' } },
});
await call('publishRaise', { header: header(), entity, type: 5, class: 1, severity: 2 });
const raised = await events.next('the raise', (m) => m.event?.event === 'raise');
assert.equal(raised.event.path, name);
evidence.event = raised.event;
const told = await pulses.next('the pulse', (m) => m.pulses.length > 0);
assert.deepEqual(told.pulses, [{ number: '1', code: 7, value: '-42' }]);
evidence.pulse = told.pulses[0];
channel.write({ acknowledge: told.pulses[0].number });
channel.write({ close: true });
channel.end();

// Who attaches itself must be the process at the other end; the kernel is asked.
const self = await call('attachSelf', {
  header: header(),
  name: `${name}-self`,
  pid: process.pid,
  periodNs: '100000000',
  highMark: 50,
});
await new Promise((resolve, reject) => {
  const beats = ham.heartbeat((error) => (error ? reject(error) : resolve()));
  for (let i = 0; i < 100; i++) {
    beats.write({ slot: self.slot, generation: self.generation });
  }
  beats.end();
});
evidence.beats = 100;
await call('detach', { header: header(), entity: { path: `${name}-self` }, self: true });

const tree = await call('read', { path: name, depth: -1 });
evidence.paths = tree.objects.map((o) => o.path);
assert.deepEqual(evidence.paths, [name, `${name}/trouble`, `${name}/trouble/tell`]);
await call('detach', { header: header(), entity });
watch.cancel();
ham.close();
console.log(JSON.stringify(evidence));
