package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.ActionOptions;
import io.hamlet.agent.basic.conf.BasicConfig;
import io.hamlet.agent.basic.core.Happening.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the parts of the machine share: what is believed of hosts, the files, the time of the input
 * under work, and the deeds that come of it. For one thread.
 */
final class Book {
  private final String node;
  private final List<Deed> deeds = new ArrayList<>();
  private final Map<String, HostState> hosts = new LinkedHashMap<>();
  private final WordList words;
  private long next;
  private BasicConfig config;
  private Now now;

  Book(String node, BasicState before) {
    this.node = node;
    this.words = new WordList(before.words());
    this.next = before.next();
    before.hosts().forEach(this::put);
  }

  /** Where this runs. */
  String node() {
    return node;
  }

  Now now() {
    return now;
  }

  void now(Now moment) {
    now = moment;
  }

  BasicConfig config() {
    return config;
  }

  ActionOptions options() {
    return config.options();
  }

  /** From now on the hosts are those of these files. */
  void arrange(BasicConfig files) {
    config = files;
    files.warnings().forEach(w -> tell(Level.WARNING, "configuration", "", w.toString()));
    Map<String, HostState> kept = new LinkedHashMap<>();
    files.hosts().keySet().forEach(h -> kept.put(h, hosts.getOrDefault(h, HostState.first(h))));
    hosts.clear();
    hosts.putAll(kept);
  }

  /** What the manager is to know of hosts and sections. */
  Deed.Arrange arrangement() {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    hosts.values().forEach(h -> numbers.put(h.host(), number(h.state())));
    List<Deed.Section> sections = new ArrayList<>();
    config.sections().forEach((change, steps) -> sections.add(words.section(change, steps)));
    return new Deed.Arrange(numbers, sections);
  }

  /** In the order of the files. */
  List<HostState> hosts() {
    return List.copyOf(hosts.values());
  }

  /** Null for a host that is none. */
  HostState host(String name) {
    return hosts.get(name);
  }

  void put(HostState host) {
    hosts.put(host.host(), host);
  }

  /** By what the manager calls a state. */
  int number(String state) {
    return words.number(state);
  }

  /** The number of a new sequence. */
  long nextSequence() {
    return next++;
  }

  /** Those collected so far, in order; others may add to it. */
  List<Deed> deeds() {
    return deeds;
  }

  void add(Deed deed) {
    deeds.add(deed);
  }

  /** All is to be on disk before what comes after this is done. */
  void save() {
    add(new Deed.Save(true));
  }

  void tell(Level level, String event, String host, String text) {
    add(new Deed.Tell(new Happening(level, event, host, text)));
  }

  /** Hands out all that is to be done. */
  List<Deed> take() {
    List<Deed> wanted = List.copyOf(deeds);
    deeds.clear();
    return wanted;
  }

  BasicState state(List<CheckState> checks, List<Sequence> sequences) {
    return new BasicState(hosts(), checks, sequences, words.all(), next);
  }
}
