package io.hamlet.agent.basic;

import io.hamlet.agent.basic.core.Deed;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.TreeObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The hosts as the manager has them: each an entity, its state a published number, each section a
 * condition of it with an execute action. For one thread; calls block.
 */
final class Mirror {
  private static final String ACTION = "run";
  private static final String OURS = ".+_to_.+";
  private static final int UNKNOWN = 1;

  private final Ham ham;
  private final Path pipe;
  private Set<String> hosts = Set.of();
  private Deed.Arrange wanted;

  Mirror(Ham ham, Path pipe) {
    this.ham = ham;
    this.pipe = pipe;
  }

  /** Changes only what differs, so that what an operator disabled stays so. */
  void arrange(Deed.Arrange arrange) throws InterruptedException {
    wanted = arrange;
    Map<String, TreeObject> tree = new HashMap<>();
    ham.read("", -1).objects().forEach(o -> tree.put(o.path(), o));
    for (String gone : hosts) {
      if (!arrange.hosts().containsKey(gone) && tree.containsKey(gone)) {
        retire(gone, tree);
      }
    }
    hosts = Set.copyOf(arrange.hosts().keySet());
    for (Map.Entry<String, Integer> host : arrange.hosts().entrySet()) {
      arrange(host.getKey(), host.getValue(), arrange.sections(), tree);
    }
  }

  private void arrange(
      String host, int number, List<Deed.Section> sections, Map<String, TreeObject> tree)
      throws InterruptedException {
    TreeObject there = tree.get(host);
    Entity entity = there == null ? ham.entity(host, Flag.OfEntity.KEEP_ON_DEATH) : ham.named(host);
    if (there == null || there.userState() != number) {
      entity.publishState(number);
    }
    Set<String> names = new HashSet<>();
    for (Deed.Section section : sections) {
      if (section.host().isEmpty() || section.host().equals(host)) {
        names.add(section.name());
        String mark = mark(section);
        TreeObject action = tree.get(host + "/" + section.name() + "/" + ACTION);
        if (action == null || !action.info().contains(mark)) {
          if (tree.containsKey(host + "/" + section.name())) {
            entity.named(section.name()).remove();
          }
          add(entity, host, section, mark);
        }
      }
    }
    for (String name : conditions(host, tree)) {
      if (!names.contains(name)) {
        entity.named(name).remove();
      }
    }
  }

  private void add(Entity entity, String host, Deed.Section section, String mark)
      throws InterruptedException {
    boolean anyFrom = section.from() == 0;
    ConditionSpec spec =
        ConditionSpec.state(anyFrom ? UNKNOWN : section.from(), section.to())
            .with(Flag.OfCondition.KEEP_ON_EMPTY);
    if (anyFrom) {
      spec = spec.with(Flag.OfCondition.STATE_FROM_INVERSE);
    }
    Condition condition = entity.condition(section.name(), spec);
    List<String> argv = GoPipe.command(pipe, host, section.name(), mark, section.lines());
    condition.action(ACTION, io.hamlet.client.Deed.execute(argv.toArray(String[]::new)));
  }

  private String mark(Deed.Section section) {
    return "section-" + Integer.toHexString(section.hashCode() * 31 + pipe.hashCode());
  }

  private static List<String> conditions(String host, Map<String, TreeObject> tree) {
    return tree.values().stream()
        .filter(o -> o.kind() == TreeObject.Kind.CONDITION && o.path().startsWith(host + "/"))
        .map(o -> o.path().substring(host.length() + 1))
        .filter(name -> name.matches(OURS) && tree.containsKey(host + "/" + name + "/" + ACTION))
        .toList();
  }

  private void retire(String host, Map<String, TreeObject> tree) throws InterruptedException {
    for (String name : conditions(host, tree)) {
      ham.named(host).named(name).remove();
    }
    if (tree.get(host).type().equals("UNATTACHED")) {
      ham.named(host).remove();
    }
  }

  /** Publishes a state; a host that somebody removed is made again. */
  void announce(Deed.Announce announce) throws InterruptedException {
    try {
      ham.named(announce.host()).publishState(announce.number());
    } catch (HamException.Refused e) {
      if (e.reason() != HamException.Reason.NOT_FOUND) {
        throw e;
      }
      arrange(wanted);
      ham.named(announce.host()).publishState(announce.number());
    }
  }
}
