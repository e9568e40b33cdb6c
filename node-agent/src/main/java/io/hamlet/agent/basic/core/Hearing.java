package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Check;
import io.hamlet.agent.basic.conf.Scope;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What other nodes are to be heard of, and until when. For one thread. */
final class Hearing {
  /** More states of checks than anybody has. */
  static final int MOST = 20_000;

  /** Beyond interval and limit of a check, in milliseconds. */
  static final long ON_THE_WAY = 5_000;

  private static final String LOCAL = "@local:";
  private static final String NODE = "@node:";

  private final Map<String, Long> until = new HashMap<>();
  private final Set<String> strange = new HashSet<>();

  /** By that name such a result is known here; empty: it has no place. */
  String key(Shared r, Check check, boolean weAct) {
    if (r.scope().isEmpty()) {
      return r.check() + "@";
    }
    if (check == null) {
      return "";
    }
    return switch (check.scope()) {
      case Scope.Local local -> r.check() + LOCAL + r.node();
      case Scope.Ssh ssh -> weAct ? "" : check.key();
      case Scope.Node other -> other.node().equals(r.node()) ? check.key() : "";
    };
  }

  /** True once for each check that another node has by its files, and this one has not. */
  boolean isStrange(Shared r, Check check) {
    return check == null
        && !r.scope().isEmpty()
        && strange.size() < MOST
        && strange.add(r.node() + " " + r.check() + "@" + r.scope());
  }

  /** A check of [local] on another node. */
  static boolean isOfOther(String key) {
    return key.contains(LOCAL);
  }

  /** The same check on this node. */
  static String here(String key) {
    int at = key.indexOf(LOCAL);
    return at < 0 ? key : key.substring(0, at) + "@local";
  }

  void expect(String key, long mono) {
    until.put(key, mono);
  }

  void forget(String key) {
    until.remove(key);
  }

  /** The files are others now. */
  void retain(Set<String> keys) {
    until.keySet().retainAll(keys);
    strange.clear();
  }

  List<String> overdue(long mono) {
    return until.entrySet().stream()
        .filter(e -> e.getValue() <= mono)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Those of nodes that are not there. */
  List<String> ofOthersThan(Set<String> up, String own) {
    return until.keySet().stream()
        .filter(key -> !node(key).isEmpty() && !node(key).equals(own) && !up.contains(node(key)))
        .sorted()
        .toList();
  }

  private static String node(String key) {
    for (String mark : List.of(LOCAL, NODE)) {
      int at = key.indexOf(mark);
      if (at >= 0) {
        return key.substring(at + mark.length());
      }
    }
    return "";
  }

  /** When the next one is overdue; Long.MAX_VALUE: none. */
  long next() {
    return until.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
  }
}
