package io.hamlet.core.sam;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Name;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * Programs that talk to each other. What is said, who comes and who goes has one order, the same
 * for all.
 *
 * @param members with the happening by which each has joined; never empty
 */
public record SamGroup(Name name, TreePMap<Member, EffectId> members) {
  /** So many groups a tree has. */
  public static final int MOST = 256;

  /** So many programs a group has. */
  public static final int MOST_MEMBERS = 64;

  /** So long one message is: all of them are in the history, and that is in memory. */
  public static final int MOST_BYTES = 1 << 10;

  /** One instance of a supervised program. */
  public record Member(String node, Name program, long uid, long instance)
      implements Comparable<Member> {
    @Override
    public int compareTo(Member other) {
      int byNode = node.compareTo(other.node);
      int byName = byNode != 0 ? byNode : program.compareTo(other.program);
      int byUid = byName != 0 ? byName : Long.compare(uid, other.uid);
      return byUid != 0 ? byUid : Long.compare(instance, other.instance);
    }

    /** True for another instance of it, too. */
    boolean isSameProgram(Member other) {
      return node.equals(other.node) && program.equals(other.program);
    }

    /** As people and programs see it: {@code node:program#instance}. */
    @Override
    public String toString() {
      return node + ":" + program + "#" + instance;
    }
  }

  /** A group with its first member. */
  public static SamGroup of(Name name, Member first, EffectId joined) {
    return new SamGroup(name, TreePMap.singleton(first, joined));
  }

  /** Below which the happenings of a group are told. */
  public static String path(Name group) {
    return ".group/" + group;
  }

  public boolean has(Member member) {
    return members.containsKey(member);
  }

  public SamGroup with(Member member, EffectId joined) {
    return new SamGroup(name, members.plus(member, joined));
  }

  public SamGroup without(Member member) {
    return new SamGroup(name, members.minus(member));
  }

  /** Earlier instances of that program, which can say nothing any more. */
  public List<Member> outlived(Member member) {
    return members.keySet().stream()
        .filter(m -> m.isSameProgram(member) && !m.equals(member))
        .toList();
  }
}
