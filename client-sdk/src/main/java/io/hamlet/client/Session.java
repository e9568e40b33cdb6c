package io.hamlet.client;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;

/** A view of a connection, and the mapping of each call. Being written. */
final class Session {
  enum FlagVerb {
    ADD,
    REMOVE,
    SET,
    GET
  }

  enum LevelVerb {
    INCREASE,
    DECREASE,
    SET,
    GET
  }

  private Session() {}

  private static UnsupportedOperationException todo() {
    return new UnsupportedOperationException("being written");
  }

  static Session open(List<Address> addresses) {
    throw todo();
  }

  Session withNode(String node) {
    throw todo();
  }

  Session withAck(Ack ack) {
    throw todo();
  }

  Session withTimeout(Duration timeout) {
    throw todo();
  }

  String node() {
    throw todo();
  }

  List<String> addresses() {
    throw todo();
  }

  Entity attach(String name, long pid, Command command, Flag.OfEntity... flags)
      throws InterruptedException {
    throw todo();
  }

  SelfAttachment attachSelf(String name, Heartbeat heartbeat, Flag.OfEntity... flags)
      throws InterruptedException {
    throw todo();
  }

  Entity createEntity(String name, Flag.OfEntity... flags) throws InterruptedException {
    throw todo();
  }

  HamObject at(String path) {
    throw todo();
  }

  HamObject handle(String path) throws InterruptedException {
    throw todo();
  }

  Condition addCondition(Entity entity, String name, ConditionSpec spec)
      throws InterruptedException {
    throw todo();
  }

  Action addAction(
      Condition condition, String name, Deed deed, Rearm rearm, Flag.OfAction... flags)
      throws InterruptedException {
    throw todo();
  }

  Receipt addFailItem(Action action, String name, Deed deed) throws InterruptedException {
    throw todo();
  }

  Receipt removeFailItem(Action action, String name) throws InterruptedException {
    throw todo();
  }

  Receipt remove(Handle object) throws InterruptedException {
    throw todo();
  }

  Receipt enable(Handle object, boolean enabled, boolean recurse) throws InterruptedException {
    throw todo();
  }

  Answer<Integer> flags(Handle object, FlagVerb verb, int bits) throws InterruptedException {
    throw todo();
  }

  Receipt detach(Entity entity, boolean self) throws InterruptedException {
    throw todo();
  }

  Receipt publishState(Entity entity, int state) throws InterruptedException {
    throw todo();
  }

  Receipt publishRaise(Entity entity, int type, int clazz, int severity)
      throws InterruptedException {
    throw todo();
  }

  Receipt resume(Entity entity) throws InterruptedException {
    throw todo();
  }

  Tree read(String path, int depth) throws InterruptedException {
    throw todo();
  }

  Status status(boolean digest) throws InterruptedException {
    throw todo();
  }

  EventStream watch(WatchSpec spec) {
    throw todo();
  }

  Why why(String entity) throws InterruptedException {
    throw todo();
  }

  InputStream output(String entity, boolean follow, long tailBytes) {
    throw todo();
  }

  PulseChannel openChannel() throws InterruptedException {
    throw todo();
  }

  Answer<Integer> verbosity(LevelVerb verb, int value) throws InterruptedException {
    throw todo();
  }

  Answer<Boolean> heartbeats(HeartbeatControl verb) throws InterruptedException {
    throw todo();
  }

  Receipt stop(boolean entities, Duration killAfter) throws InterruptedException {
    throw todo();
  }

  void close() {
    throw todo();
  }
}
