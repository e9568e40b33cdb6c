package io.hamlet.manager.api;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.SamBook;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamCalls;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.manager.port.Requests;

/**
 * The data of programs that the cluster runs: it is in the tree of the cluster, so that they find
 * it on whichever node they run next. Thread-safe.
 */
final class KeptData {
  private final Requests own;
  private final Requests tree;

  KeptData(Acting parts) {
    this.own = parts.requests();
    this.tree = parts.cluster() == null ? null : parts.cluster().tree();
  }

  /** The program with its data, wherever that is; null as it is. */
  SamProcess with(SamProcess p) {
    if (p == null || p.state().isOver() || grant(p.name()) == null) {
      return p;
    }
    Blob data = tree.state().sam().kept().get(Grant.plain(p.name()));
    return p.withData(data == null ? Blob.NONE : data);
  }

  /**
   * What the cluster is to be asked so that it keeps that; throws Refused when it makes no sense.
   *
   * @param p null: there is none
   * @return null: this node keeps it
   */
  Command store(SamProcess p, SamCall.StoreData call) {
    Grant grant = p == null ? null : grant(p.name());
    if (grant == null) {
      return null;
    }
    SamBook.checkKept(call.data());
    SamCalls.check(p, call);
    return new Command.Sam(Grant.plain(p.name()), Long.toString(grant.index()), call);
  }

  private Grant grant(Name program) {
    Entity e = tree == null ? null : own.state().entity(program);
    return e == null ? null : e.grant();
  }
}
