package io.hamlet.core.sam;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import org.pcollections.TreePMap;

/**
 * All supervised programs of a node, by name, and how some earlier ones ended.
 *
 * @param quorate the node belongs to the majority of its cluster, or to none
 * @param groups of programs of all nodes in the tree of the cluster; of this node where there is
 *     none
 */
public record SamBook(
    TreePMap<Name, SamProcess> processes, boolean quorate, TreePMap<Name, SamGroup> groups) {
  /** Of those that are over so many are remembered; the oldest go first. */
  public static final int MOST_OVER = 256;

  /** The data of all programs together. */
  public static final long MOST_BYTES = 16L << 20;

  public static final SamBook EMPTY = new SamBook(TreePMap.empty(), true, TreePMap.empty());

  /** The program of that name, or null. */
  public SamProcess find(Name name) {
    return processes.get(name);
  }

  /** The program that this process is, or null; one that is over is none. */
  public SamProcess of(ProcessId process) {
    for (SamProcess p : processes.values()) {
      if (!p.state().isOver() && p.process().equals(process)) {
        return p;
      }
    }
    return null;
  }

  public SamBook with(SamProcess process) {
    SamBook more = new SamBook(processes.plus(process.name(), process), quorate, groups);
    return process.state().isOver() ? more.bounded() : more;
  }

  public SamBook without(Name name) {
    return new SamBook(processes.minus(name), quorate, groups);
  }

  public SamBook withQuorum(boolean now) {
    return new SamBook(processes, now, groups);
  }

  /** A group that has no member is none. */
  public SamBook with(SamGroup group) {
    return new SamBook(
        processes,
        quorate,
        group.members().isEmpty() ? groups.minus(group.name()) : groups.plus(group.name(), group));
  }

  /** That very instance of a program of this node is there, and may call. */
  public boolean speaks(SamGroup.Member member) {
    SamProcess p = processes.get(member.program());
    return p != null
        && p.uid() == member.uid()
        && p.instance() == member.instance()
        && Legality.isAlive(Legality.column(p));
  }

  /** How much data is kept of all but that one. */
  public long bytesBeside(Name name) {
    long bytes = 0;
    for (SamProcess p : processes.values()) {
      bytes += p.name().equals(name) ? 0 : p.data().size();
    }
    return bytes;
  }

  private SamBook bounded() {
    int over = 0;
    SamProcess oldest = null;
    for (SamProcess p : processes.values()) {
      if (p.state().isOver()) {
        over++;
        oldest = oldest == null || p.uid() < oldest.uid() ? p : oldest;
      }
    }
    return over > MOST_OVER ? without(oldest.name()) : this;
  }
}
