package io.hamlet.manager.wire;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.GroupCall;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamBook;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamContract;
import io.hamlet.core.sam.SamEnd;
import io.hamlet.core.sam.SamGroup;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.pcollections.TreePMap;

/** Random supervised programs, and calls of every kind. */
final class RandomSam extends RandomParts {
  RandomSam(long seed) {
    super(seed);
  }

  SamBook book() {
    TreePMap<Name, SamProcess> processes = TreePMap.empty();
    for (int i = below(4); i > 0; i--) {
      SamProcess p = process();
      processes = processes.plus(p.name(), p);
    }
    TreePMap<Name, SamGroup> groups = TreePMap.empty();
    for (int i = below(3); i > 0; i--) {
      SamGroup group = SamGroup.of(name(), member(), effectId()).with(member(), effectId());
      groups = groups.plus(group.name(), group);
    }
    TreePMap<Name, Blob> kept = TreePMap.empty();
    for (int i = below(3); i > 0; i--) {
      kept = kept.plus(name(), blob());
    }
    return new SamBook(processes, bool(), groups, kept);
  }

  Command group() {
    return new Command.Group(
        name(),
        member(),
        one(
            () -> new GroupCall.Join(),
            () -> new GroupCall.Leave(text()),
            () -> new GroupCall.Say(blob())));
  }

  private SamGroup.Member member() {
    return new SamGroup.Member(text(), name(), number(), number());
  }

  SamCall call() {
    return one(
        () -> new SamCall.Initialize(contract(), processId(), orNull(this::spec), text()),
        () -> new SamCall.Launch(contract(), number(), spec(), blob(), text()),
        () -> new SamCall.Register(),
        () -> new SamCall.Start(number()),
        () -> new SamCall.CancelStart(),
        () -> new SamCall.Stop(bool()),
        () -> new SamCall.HealthCheck(bool()),
        () -> new SamCall.WarnSignal(integer()),
        () -> new SamCall.StoreData(blob()),
        () -> new SamCall.MarkFailed(text()),
        () -> new SamCall.Unhealthy(),
        () -> new SamCall.Finalize(),
        () -> new SamCall.Clear());
  }

  private SamProcess process() {
    return new SamProcess(
        name(),
        number(),
        number(),
        contract(),
        pick(SamState.values()),
        pick(SamProcess.Claim.values()),
        number(),
        processId(),
        orNull(() -> pick(SamEnd.Cause.values())),
        orNull(() -> pick(SamEnd.Cause.values())),
        orNull(this::effectId),
        orNull(this::requestId),
        integer(),
        blob(),
        bool(),
        orNull(this::spec),
        text(),
        orNull(this::moment),
        orNull(
            () ->
                new SamEnd(
                    number(),
                    pick(SamEnd.Cause.values()),
                    new Exit(pick(Exit.Kind.values()), integer(), bool()))),
        bool());
  }

  private SamContract contract() {
    boolean strict = bool();
    return new SamContract(
        below(1 << 30) - (strict ? 5 : 0),
        pick(Recovery.values()),
        bool(),
        bool(),
        strict,
        bool(),
        below(1 << 30),
        RestartPolicy.NONE,
        strict ? List.of() : list(3, () -> below(256)));
  }

  private Blob blob() {
    return Blob.of(text().getBytes(StandardCharsets.UTF_8));
  }
}
