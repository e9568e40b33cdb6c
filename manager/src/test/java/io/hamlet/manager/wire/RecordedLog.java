package io.hamlet.manager.wire;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Leash;
import io.hamlet.core.cluster.Maintenance;
import io.hamlet.core.cluster.Tenure;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import java.util.ArrayList;
import java.util.List;

/** A short life of a cluster with every kind of command in it; the first is at place 64. */
final class RecordedLog {
  private static final Name DB = new Name("db");
  private static final Name WEB = new Name("web");
  private static final int PLACES = 64;
  private static final Terms TERMS = new Terms(1_500_000_000L, 250_000_000L, FenceRule.WHEN_UNSURE);

  private final List<ClusterEvent> events = new ArrayList<>();
  private long sequence;

  List<ClusterEvent> events() {
    begins();
    long web = attach(WEB, OwnerPolicy.QuorumLoss.KEEP, "a");
    long db = attach(DB, OwnerPolicy.QuorumLoss.STOP, "b");
    works(web, db);
    loses();
    leads();
    ends();
    return events;
  }

  /** Returns its place. */
  private long add(ClusterEvent event) {
    events.add(event);
    return (long) PLACES * events.size();
  }

  private long ask(Command command) {
    RequestId id = new RequestId(7, ++sequence, 1);
    return add(new ClusterEvent.Tree(new HamEvent.Requested(id, command)));
  }

  private long attach(Name name, OwnerPolicy.QuorumLoss loss, String node) {
    ProcessSpec spec = ProcessSpec.of(List.of("/srv/" + name, "--verbose"));
    OwnerPolicy policy = new OwnerPolicy(List.of(node), loss, true);
    return ask(new Command.Attach(name, null, spec, Flags.OfEntity.NONE, policy));
  }

  private static ClusterEvent.Joined join(String node, long expected) {
    return new ClusterEvent.Joined(
        node, "boot-" + node, "state-" + node, 5 + expected, node + ":4226", expected, 9, TERMS);
  }

  private void begins() {
    List<ClusterEvent.Voter> voters =
        List.of(new ClusterEvent.Voter("a", "a:4228"), new ClusterEvent.Voter("b", "b:4228"));
    add(new ClusterEvent.Founded("an-id", voters));
    add(new ClusterEvent.Led("a", 1, 4711));
    add(join("a", 0));
    add(join("b", 0));
    add(join("c", 3));
    List<ClusterEvent.Voter> more = new ArrayList<>(voters);
    more.add(new ClusterEvent.Voter("c", "c:4228"));
    add(new ClusterEvent.VotersChanged(more));
    add(new ClusterEvent.Leashed("a", new Leash(1, 2, "0a".repeat(32))));
  }

  private void works(long web, long db) {
    Target entity = new Target(ObjectPath.of(WEB), 0);
    Flags.OfCondition independent = new Flags.OfCondition(Flags.OfCondition.INDEPENDENT);
    Name died = new Name("died");
    ask(
        new Command.AddCondition(
            entity, died, ConditionType.DEATH, Filter.NONE, independent, Flags.Rearm.ON));
    ask(
        new Command.AddAction(
            new Target(ObjectPath.of(WEB, died), 0),
            new Name("tell"),
            new Deed.Execute(List.of("/bin/tell", "it"), "b"),
            new Flags.OfAction(Flags.OfAction.KEEP_ON_FAIL),
            Flags.Rearm.ON));
    add(new ClusterEvent.Reported(WEB, new Tenure.Report(web, "up", 4712, web << 20 | 1)));
    add(new ClusterEvent.GaveStuck(WEB, web, "process 4712 waits in the kernel"));
    long moved = add(new ClusterEvent.Moved(DB, "c"));
    add(new ClusterEvent.Released(DB, db, Tenure.Release.MOVED, "as it was told"));
    add(new ClusterEvent.Reported(DB, new Tenure.Report(moved + PLACES, "up", 99, 1)));
    add(new ClusterEvent.Standby("b", true));
    add(new ClusterEvent.Drained("a"));
    Maintenance.Key key = Maintenance.Key.parse("node:b", "me");
    add(new ClusterEvent.MaintenanceSet(new Maintenance(key, "a disk", 3_600_000_000_000L)));
    add(new ClusterEvent.MaintenanceSet(new Maintenance(keyOfWeb(), "", Long.MAX_VALUE)));
    add(new ClusterEvent.MaintenanceCleared(keyOfWeb()));
  }

  private static Maintenance.Key keyOfWeb() {
    return Maintenance.Key.parse("web", "");
  }

  /** The node c is lost twice: first it is heard again, then it ends. */
  private void loses() {
    long since = 5L * PLACES;
    add(new ClusterEvent.Lost("c", 4, since, 2, 17, Proof.NONE, List.of()));
    long back = add(new ClusterEvent.Heard("c", 4, 1));
    add(new ClusterEvent.Lost("c", 4, back, 2, 21, Proof.NONE, List.of()));
    add(new ClusterEvent.Proved("c", 2, Proof.LEASE));
    add(new ClusterEvent.Fenced("c", 4));
    add(new ClusterEvent.Ended("c", 4, Proof.LEASE, false, List.of("b")));
    add(new ClusterEvent.Vouched("c"));
  }

  private void leads() {
    Name chair = new Name("boss");
    add(new ClusterEvent.Claimed(chair, 77, 1, 2_000_000_000L, "program 5 on a"));
    add(new ClusterEvent.Vacated(chair, 77));
    long claimed = add(new ClusterEvent.Claimed(chair, 78, 1, 2_000_000_000L, "program 6 on b"));
    add(new ClusterEvent.Lapsed(chair, claimed));
    add(new ClusterEvent.Claimed(chair, 79, 1, 2_000_000_000L, "program 7 on b"));
  }

  private void ends() {
    add(new ClusterEvent.Tree(new HamEvent.TimePassed()));
    add(join("d", 0));
    add(new ClusterEvent.Left("d", 1));
    add(new ClusterEvent.Forgotten("d"));
    RequestId id = new RequestId(9, 3, 2);
    add(new ClusterEvent.Wished(id, new ClusterEvent.Standby("b", false)));
    add(new ClusterEvent.Wished(id, new ClusterEvent.Standby("b", false)));
  }
}
