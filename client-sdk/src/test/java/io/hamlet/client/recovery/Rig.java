package io.hamlet.client.recovery;

import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * What threads do to one connection, as operations of which every interleaving is tried. Each must
 * end as if they had been done one after another.
 */
public class Rig {
  /** A connection that breaks. */
  private final class Wire implements AutoCloseable {
    private volatile boolean broken;

    Wire() {
      open.incrementAndGet();
    }

    String use() throws SocketException {
      if (broken) {
        throw new SocketException("broken");
      }
      return "ok";
    }

    @Override
    public void close() {
      broken = true;
      open.decrementAndGet();
    }
  }

  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger recovering = new AtomicInteger();
  private volatile boolean overlapped;
  private volatile boolean needless;
  private volatile Wire wire = new Wire();
  private final HaConnection<Wire> connection = Ha.attach(wire, this::recover, Terms.USUAL);

  private int recover(Recovering<Wire> it) throws Exception {
    if (recovering.incrementAndGet() > 1) {
      overlapped = true;
    }
    if (!it.connection().broken) {
      needless = true;
    }
    int id =
        it.reopen(
            () -> {
              wire = new Wire();
              return wire;
            });
    recovering.decrementAndGet();
    return id;
  }

  @Operation
  public String use() {
    return use(connection);
  }

  @Operation
  public String useOfADuplicate() throws Exception {
    try (HaConnection<Wire> second = connection.dup()) {
      return use(second);
    } catch (AttachException e) {
      return "closed";
    }
  }

  /** It heals only what others heal. */
  @Operation
  public String useInterrupted() {
    Thread.currentThread().interrupt();
    try {
      return use(connection);
    } finally {
      Thread.interrupted();
    }
  }

  @Operation
  public void kill() {
    wire.broken = true;
  }

  @Operation
  public void close() throws Exception {
    connection.close();
  }

  /** As many are open as are held; never two recoveries at a time, never one for nothing. */
  @Validate
  public void allIsInOrder() {
    int expected = connection.isClosed() ? 0 : 1;
    if (open.get() != expected || recovering.get() != 0) {
      throw new IllegalStateException(open + " are open and not " + expected);
    }
    if (overlapped || needless) {
      throw new IllegalStateException(overlapped ? "overlapping" : "needless recovery");
    }
  }

  private static String use(HaConnection<Wire> on) {
    try {
      return on.call(Repeat.IDEMPOTENT, Wire::use);
    } catch (SocketException | AttachException e) {
      return "closed";
    }
  }
}
