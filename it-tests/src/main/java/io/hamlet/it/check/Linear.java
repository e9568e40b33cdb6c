package io.hamlet.it.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether calls that overlapped can have happened one after the other, each between its begin and
 * its end: the search of Wing and Gong, with Lowe's memory of what was tried. One object each: what
 * is said of different objects is checked apart.
 *
 * @param <S> the state of the object, a value
 */
public final class Linear<S> {
  /** The end of a call whose outcome is not known: it may have happened at any time, or never. */
  public static final long OPEN = Long.MAX_VALUE;

  /** So much is tried; more means that too many calls are open to say anything. */
  private static final int MOST_TRIES = 5_000_000;

  /** What a call did. */
  @FunctionalInterface
  public interface Effect<S> {
    /** The state after it; null: from that state it would have been answered otherwise. */
    S on(S before);
  }

  /**
   * One call.
   *
   * @param what for people
   * @param end {@link #OPEN}: its effect must be possible in every state
   */
  public record Call<S>(String what, long begin, long end, Effect<S> effect) {}

  /** The begin or the end of a call, in a list from which both are taken for a while. */
  private static final class Edge<S> {
    final int number;
    final Call<S> call;
    final boolean isBegin;
    Edge<S> match;
    Edge<S> before;
    Edge<S> after;

    Edge(int number, Call<S> call, boolean isBegin) {
      this.number = number;
      this.call = call;
      this.isBegin = isBegin;
    }

    long time() {
      return isBegin ? call.begin() : call.end();
    }

    void takeOut() {
      before.after = after;
      if (after != null) {
        after.before = before;
      }
    }

    void putBack() {
      before.after = this;
      if (after != null) {
        after.before = this;
      }
    }
  }

  private record Tried<S>(BitSet done, S state) {}

  private record Step<S>(Edge<S> begin, S before) {}

  private final Edge<S> head = new Edge<>(-1, null, true);
  private final Set<Tried<S>> tried = new HashSet<>();
  private final Deque<Step<S>> steps = new ArrayDeque<>();
  private final BitSet done = new BitSet();
  private int furthest;
  private String stuck = "";

  private Linear(List<Call<S>> calls) {
    List<Edge<S>> edges = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Edge<S> begin = new Edge<>(i, calls.get(i), true);
      Edge<S> end = new Edge<>(i, calls.get(i), false);
      begin.match = end;
      edges.add(begin);
      edges.add(end);
    }
    // At one moment what begins is before what ends: it may have overlapped.
    edges.sort(
        Comparator.<Edge<S>>comparingLong(Edge::time).thenComparing(edge -> edge.isBegin ? 0 : 1));
    Edge<S> last = head;
    for (Edge<S> edge : edges) {
      last.after = edge;
      edge.before = last;
      last = edge;
    }
  }

  /**
   * Empty when there is such an order; else where every order ends.
   *
   * @throws IllegalStateException too many calls are open
   */
  public static <S> String fault(S first, List<Call<S>> calls) {
    Linear<S> search = new Linear<>(calls);
    return search.finds(first)
        ? ""
        : "no order explains more than "
            + search.furthest
            + " of "
            + calls.size()
            + " calls; then there is "
            + search.stuck;
  }

  private boolean finds(S first) {
    S state = first;
    Edge<S> at = head.after;
    while (head.after != null) {
      if (at.isBegin) {
        S next = at.call.effect().on(state);
        if (next != null && isNew(at.number, next)) {
          steps.push(new Step<>(at, state));
          state = next;
          done.set(at.number);
          at.takeOut();
          at.match.takeOut();
          at = head.after;
        } else {
          at = at.after;
        }
        continue;
      }
      if (steps.size() >= furthest) {
        furthest = steps.size();
        stuck = at.call.what() + " with " + state;
      }
      if (steps.isEmpty()) {
        return false;
      }
      Step<S> last = steps.pop();
      state = last.before();
      done.clear(last.begin().number);
      last.begin().match.putBack();
      last.begin().putBack();
      at = last.begin().after;
    }
    return true;
  }

  private boolean isNew(int number, S state) {
    if (tried.size() > MOST_TRIES) {
      throw new IllegalStateException("too many calls are open to say anything");
    }
    BitSet with = (BitSet) done.clone();
    with.set(number);
    return tried.add(new Tried<>(with, state));
  }
}
