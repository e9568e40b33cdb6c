package io.hamlet.manager.member;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.FounderPage;
import io.hamlet.manager.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a voter without a log may begin as a founder, or is one that has lost its log and would
 * forget what it has acknowledged and vote twice.
 *
 * <p>Each founder has a mark, drawn with its STATE, and keeps for ever the first mark that it hears
 * of each other. It founds when all founders have the same marks of all. So whoever has voted is
 * known by its mark to all others; who comes back without its STATE has another mark, and the first
 * of them that it meets tells it so. All must meet once, in any order, before any of them votes.
 *
 * <p>A part of the cluster loop for {@code Subject.FOUNDING}, which stays when it is decided, for
 * others may still ask. {@link #verdict} and {@link #notice} from any thread.
 */
public final class Founding implements ClusterLoop.Part {
  /** What this voter is. */
  public enum Verdict {
    /** Not all founders have been heard; it waits. */
    OPEN,
    /** It founds, or has founded. */
    FOUNDER,
    /** It must not vote before it is removed and added. */
    LOST
  }

  /**
   * What is kept in STATE, outside the directory of the consensus.
   *
   * @param marks by founder, the own one included
   * @param begun this node may have voted: from then on one without a log has lost it
   */
  public record Book(Map<String, String> marks, boolean begun) {}

  /** Keeps the book; on the disk when it returns. A few times in the life of a cluster. */
  public interface Keeper {
    void keep(Book book);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Founding.class);
  private static final long AGAIN = 500_000_000L;

  private final String node;
  private final List<String> founders;
  private final ClusterBus bus;
  private final Keeper keeper;
  private final Runnable decided;
  private final Object writing = new Object();
  private final TreeMap<String, String> marks;
  private final Map<String, Map<String, String>> pages = new TreeMap<>();
  private boolean begun;
  private long next;
  private volatile Verdict verdict = Verdict.OPEN;
  private volatile String notice = "";

  /**
   * @param founders all, this node included
   * @param book with the own mark at least
   * @param hasLog there is a log to vote with; then nobody is asked
   * @param decided called once on the cluster thread when the verdict is no longer open
   */
  public Founding(
      String node,
      List<String> founders,
      Book book,
      boolean hasLog,
      ClusterBus bus,
      Keeper keeper,
      Runnable decided) {
    this.node = node;
    this.founders = founders.stream().sorted().toList();
    this.bus = bus;
    this.keeper = keeper;
    this.decided = decided;
    marks = new TreeMap<>(book.marks());
    if (!marks.containsKey(node) || !this.founders.contains(node)) {
      throw new IllegalArgumentException(node + " must be a founder with a mark");
    }
    marks.keySet().retainAll(this.founders);
    begun = book.begun();
    if (hasLog) {
      verdict = Verdict.FOUNDER;
    } else if (book.begun()) {
      lost("its own STATE");
    } else {
      look();
    }
  }

  public Verdict verdict() {
    return verdict;
  }

  /**
   * This node may vote when this returns. Called with the storage of its votes made, and before the
   * first: who ends in between has lost nothing, and is not to be told so. Any thread; throws
   * UncheckedIOException when it cannot be kept.
   */
  public void begin() {
    synchronized (writing) {
      if (!begun) {
        keeper.keep(new Book(Map.copyOf(marks), true));
        begun = true;
      }
    }
  }

  /** Why this node does not vote and what to do; empty: it does. */
  public String notice() {
    return notice;
  }

  @Override
  public void viewChanged(List<Member> members) {
    next = 0;
  }

  @Override
  public long due(long now) {
    if (verdict != Verdict.OPEN) {
      return Long.MAX_VALUE;
    }
    if (now >= next) {
      next = now + AGAIN;
      founders.forEach(founder -> tell(bus.ham(founder), true));
    }
    return next;
  }

  private void tell(Member to, boolean asks) {
    if (to != null && !to.node().equals(node)) {
      bus.send(to, Subject.FOUNDING, new FounderPage(marks, asks).encode());
    }
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    FounderPage page;
    try {
      page = FounderPage.decode(message);
    } catch (WireException e) {
      LOG.warn("What {} says of the founders is not understood: {}", from.node(), e.getMessage());
      return;
    }
    String its = page.marks().get(from.node());
    if (founders.contains(from.node()) && !from.node().equals(node) && its != null) {
      meet(from.node(), its);
      pages.put(from.node(), page.marks());
      if (verdict == Verdict.OPEN) {
        look();
      }
    }
    if (page.asks()) {
      tell(from, false);
    }
  }

  private void meet(String founder, String mark) {
    synchronized (writing) {
      if (!marks.containsKey(founder)) {
        TreeMap<String, String> more = new TreeMap<>(marks);
        more.put(founder, mark);
        keeper.keep(new Book(more, begun));
        marks.put(founder, mark);
      }
    }
  }

  private void look() {
    List<String> missing = new ArrayList<>(founders);
    missing.remove(node);
    for (Map.Entry<String, Map<String, String>> page : pages.entrySet()) {
      String mine = page.getValue().get(node);
      if (mine != null && !mine.equals(marks.get(node))) {
        lost(page.getKey());
        return;
      }
      if (page.getValue().equals(marks) && marks.keySet().containsAll(founders)) {
        missing.remove(page.getKey());
      }
    }
    if (missing.isEmpty()) {
      notice = "";
      verdict = Verdict.FOUNDER;
      decided.run();
    } else {
      notice =
          "the cluster is not founded yet: all voters must meet once, and "
              + String.join(", ", missing)
              + (missing.size() == 1 ? " has" : " have")
              + " not agreed; start all voters with the same --voters";
    }
  }

  private void lost(String witness) {
    notice =
        "this node does not vote: it was a voter before, as "
            + witness
            + " knows, and its log of the cluster is lost; remove it from the voters and add it"
            + " as a new one (ham voter remove "
            + node
            + ", ham voter add "
            + node
            + ")";
    verdict = Verdict.LOST;
    decided.run();
  }
}
