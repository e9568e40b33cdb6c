package io.hamlet.manager.cluster;

import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.MERGE3;

/**
 * Tells of whom it hears, and whether that one has another view. A view is what its coordinator can
 * reach; behind a path that is bad for that one alone nobody else would see who can be reached
 * well, for as long as the path is bad: a merge needs it too.
 */
final class Overhearing extends MERGE3 {
  /** What is told each to half a second is old after so long. */
  static final long OLD_MILLIS = 2_000;

  private final BiConsumer<Address, Boolean> heard;
  private final Runnable old;

  /**
   * @param heard is told each time, and true for another view; on a thread of JGroups, must return
   *     quickly
   * @param old called when what was told may have become old
   */
  Overhearing(BiConsumer<Address, Boolean> heard, Runnable old) {
    setId(ClassConfigurator.getProtocolId(MERGE3.class));
    this.heard = heard;
    this.old = old;
  }

  @Override
  protected void addInfo(Address sender, ViewId theirs, String name, PhysicalAddress at) {
    super.addInfo(sender, theirs, name, at);
    View own = view;
    if (own == null || sender.equals(local_addr)) {
      return;
    }
    boolean apart = !own.getViewId().equals(theirs);
    heard.accept(sender, apart);
    if (apart) {
      timer.schedule(old, OLD_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
