package io.hamlet.core.sam;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import java.util.Map;
import org.pcollections.TreePMap;

/**
 * All supervised programs of a node, by name, and how some earlier ones ended; in the tree of the
 * cluster only what its programs keep, and their groups.
 *
 * @param quorate the node belongs to the majority of its cluster, or to none
 * @param groups of programs of all nodes in the tree of the cluster; of this node where there is
 *     none
 * @param kept by the cluster for the programs of its entities, wherever they run
 */
public record SamBook(
    TreePMap<Name, SamProcess> processes,
    boolean quorate,
    TreePMap<Name, SamGroup> groups,
    TreePMap<Name, Blob> kept) {
  /** Of those that are over so many are remembered; the oldest go first. */
  public static final int MOST_OVER = 256;

  /** The data of all programs together. */
  public static final long MOST_BYTES = 16L << 20;

  /** The data of one program of the cluster: it must fit into a message. */
  public static final int MOST_KEPT = 768 << 10;

  public static final SamBook EMPTY =
      new SamBook(TreePMap.empty(), true, TreePMap.empty(), TreePMap.empty());

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
    SamBook more = new SamBook(processes.plus(process.name(), process), quorate, groups, kept);
    return process.state().isOver() ? more.bounded() : more;
  }

  public SamBook without(Name name) {
    return new SamBook(processes.minus(name), quorate, groups, kept);
  }

  public SamBook withQuorum(boolean now) {
    return new SamBook(processes, now, groups, kept);
  }

  /** A group that has no member is none. */
  public SamBook with(SamGroup group) {
    return new SamBook(
        processes,
        quorate,
        group.members().isEmpty() ? groups.minus(group.name()) : groups.plus(group.name(), group),
        kept);
  }

  /** Refuses data that is too big for a program of the cluster. */
  public static void checkKept(Blob data) {
    if (data.size() > MOST_KEPT) {
      throw new Refused(
          Rejection.Reason.TOO_BIG,
          "data: "
              + data.size()
              + " bytes; of a program of the cluster at most "
              + MOST_KEPT
              + " are kept");
    }
  }

  /** The cluster keeps that for the program of an entity, and nothing it had before. */
  public SamBook keeping(Name entity, Blob data) {
    TreePMap<Name, Blob> now = data.size() == 0 ? kept.minus(entity) : kept.plus(entity, data);
    return now == kept ? this : new SamBook(processes, quorate, groups, now);
  }

  /** That very instance of a program of this node is there, and may call. */
  public boolean speaks(SamGroup.Member member) {
    SamProcess p = processes.get(member.program());
    return p != null
        && p.uid() == member.uid()
        && p.instance() == member.instance()
        && Legality.isAlive(Legality.column(p));
  }

  /** How much data is kept. */
  public long bytes() {
    return bytesBeside(null);
  }

  /** How much data is kept of all but that one. */
  public long bytesBeside(Name name) {
    long bytes = 0;
    for (SamProcess p : processes.values()) {
      bytes += p.name().equals(name) ? 0 : p.data().size();
    }
    for (Map.Entry<Name, Blob> one : kept.entrySet()) {
      bytes += one.getKey().equals(name) ? 0 : one.getValue().size();
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
