package io.hamlet.agent.basic.cluster;

import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.TreeObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A text for each name that a majority of the voters keeps. Blocks; for one thread.
 *
 * <p>It stands in the cluster's tree, below the global entity: version N of a name is the condition
 * {@code basic:NAME#N}, its log actions are the text. Who adds a version can only be the first to
 * do so; whoever wrote in the meantime makes the next one fail, and who begins a version looks at
 * the unfinished one before it as the writer of that looks for a newer one at its end. So two that
 * both believe to lead cannot both go on.
 */
public final class Register {
  private static final String OURS = "basic:";
  private static final String GLOBAL = ".global";
  private static final String END = "end";

  /** Of a log message, with room to spare. */
  private static final int PART = 4_000;

  private final Ham tree;
  private final int mark;
  private final Map<String, Version> newest = new LinkedHashMap<>();

  /**
   * The newest version of a name, and the conditions that are no longer wanted.
   *
   * @param open the condition that somebody else was still writing when it was read; null: none
   */
  private record Version(long number, List<String> conditions, String open) {}

  /** Somebody else has written since. */
  public static final class Taken extends Exception {
    private static final long serialVersionUID = 1;

    Taken(String name) {
      super("another node has written of " + name);
    }
  }

  /**
   * Nothing is read yet.
   *
   * @param mark drawn by this writer; above 0
   */
  public Register(Ham ham, int mark) {
    this.tree = ham.connectNode("*");
    this.mark = mark;
  }

  /** All texts by name; later writes are based on these. Throws HamException. */
  public Map<String, String> read() throws InterruptedException {
    Map<String, TreeMap<Long, String>> versions = new LinkedHashMap<>();
    Map<String, Map<String, String>> parts = new LinkedHashMap<>();
    Map<String, String> marks = new LinkedHashMap<>();
    for (TreeObject o : tree.read(GLOBAL, -1).objects()) {
      String[] path = o.path().split("/", -1);
      if (path.length >= 2 && path[1].matches(OURS + ".+#[0-9]{1,18}")) {
        int at = path[1].lastIndexOf('#');
        String name = path[1].substring(OURS.length(), at);
        long number = Long.parseLong(path[1].substring(at + 1));
        versions.computeIfAbsent(name, n -> new TreeMap<>()).put(number, path[1]);
        if (path.length == 2) {
          marks.put(path[1], o.fields().get("type"));
        } else if (path.length == 3) {
          Map<String, String> of = parts.computeIfAbsent(path[1], c -> new LinkedHashMap<>());
          of.put(path[2], o.fields().getOrDefault("message", ""));
        }
      }
    }
    Map<String, String> texts = new LinkedHashMap<>();
    newest.clear();
    versions.forEach(
        (name, all) -> {
          String last = all.lastEntry().getValue();
          boolean open =
              !parts.getOrDefault(last, Map.of()).containsKey(END)
                  && !String.valueOf(mark).equals(marks.get(last));
          List<String> known = List.copyOf(all.values());
          newest.put(name, new Version(all.lastKey(), known, open ? last : null));
          // One without an end was never finished: what it says has not begun.
          all.descendingMap().values().stream()
              .map(c -> parts.getOrDefault(c, Map.of()))
              .filter(p -> p.containsKey(END))
              .findFirst()
              .ifPresent(p -> texts.put(name, text(p)));
        });
    return texts;
  }

  private static String text(Map<String, String> parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; parts.containsKey(String.valueOf(i)); i++) {
      text.append(parts.get(String.valueOf(i)));
    }
    return text.toString();
  }

  /**
   * On return a majority has it. Throws HamException when that is not so, or not known: then the
   * same, or something newer, may be written again.
   */
  public void write(String name, String text) throws Taken, InterruptedException {
    Version before = newest.getOrDefault(name, new Version(0, List.of(), null));
    long number = before.number() + 1;
    String fresh = OURS + name + "#" + number;
    Condition condition = take(name, fresh);
    List<String> conditions = new ArrayList<>(before.conditions());
    conditions.add(fresh);
    newest.put(name, new Version(number, List.copyOf(conditions), before.open()));
    // Who was writing then may have come to its end, and acts; or it sees ours, and does not.
    if (before.open() != null && isThere(before.open() + "/" + END)) {
      throw new Taken(name);
    }
    int part = 0;
    for (int at = 0; at < text.length(); part++) {
      int end = Math.min(text.length(), at + PART);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      condition.action(String.valueOf(part), Deed.log(text.substring(at, end)));
      at = end;
    }
    condition.action(END, Deed.log(""));
    if (isThere(OURS + name + "#" + (number + 1))) {
      throw new Taken(name);
    }
    before.conditions().forEach(this::remove);
    newest.put(name, new Version(number, List.of(fresh), null));
  }

  private Condition take(String name, String fresh) throws Taken, InterruptedException {
    Condition condition = tree.named(GLOBAL).named(fresh);
    try {
      // Nobody raises that number, so that it never becomes true.
      ConditionSpec never = ConditionSpec.raise(mark, 1, 1).with(Flag.OfCondition.KEEP_ON_EMPTY);
      tree.named(GLOBAL).condition(fresh, never);
      return condition;
    } catch (HamException.Refused e) {
      if (e.reason() == HamException.Reason.EXISTS && isOurs(fresh)) {
        // An earlier try, whose answer was lost.
        return condition;
      }
      if (e.reason() == HamException.Reason.EXISTS) {
        throw new Taken(name);
      }
      throw e;
    }
  }

  /** As of our last change at least: what is answered is known here. */
  private boolean isThere(String path) throws InterruptedException {
    return find(path) != null;
  }

  private boolean isOurs(String condition) throws InterruptedException {
    TreeObject found = find(condition);
    return found != null && String.valueOf(mark).equals(found.fields().get("type"));
  }

  /** What stands below the global entity, or null. */
  private TreeObject find(String path) throws InterruptedException {
    try {
      return tree.read(GLOBAL + "/" + path, 0).objects().stream()
          .filter(o -> o.path().endsWith("/" + path))
          .findFirst()
          .orElse(null);
    } catch (HamException.Refused e) {
      if (e.reason() == HamException.Reason.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private void remove(String condition) {
    try {
      tree.named(GLOBAL).named(condition).remove();
    } catch (HamException e) {
      // Gone already, or it goes with the next one.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
