package io.hamlet.core.recovery;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamContract;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamState;
import java.util.List;

/** Calls of supervised programs, and what happens to them, that fit the state or just miss it. */
final class AskedSam {
  private AskedSam() {}

  static Command command(HamState state, Move m, ProcessId fresh) {
    Name name = Asked.name(m.a());
    SamProcess p = state.sam().find(name);
    String token = m.c() % 9 == 0 ? "another" : m.c() % 3 == 0 && p != null ? p.token() : "";
    return new Command.Sam(name, token, call(state, m, fresh));
  }

  private static SamCall call(HamState state, Move m, ProcessId fresh) {
    return switch (m.b() % 13) {
      case 0 -> initialize(state, m, fresh);
      case 1, 2 -> new SamCall.Launch(contract(m.c()), 7, spec(), Blob.NONE, "s");
      case 3 -> new SamCall.Register();
      case 4, 5 -> new SamCall.Start(m.c() % 3 * 1_000_000_000L);
      case 6 -> new SamCall.Stop(m.c() % 2 == 0);
      case 7 -> new SamCall.CancelStart();
      case 8 -> new SamCall.StoreData(Blob.of(new byte[m.c() % 5]));
      case 9 -> new SamCall.MarkFailed("chance");
      case 10 -> m.c() % 2 == 0 ? new SamCall.Unhealthy() : new SamCall.WarnSignal(m.c() * 5);
      case 11 -> new SamCall.Finalize();
      default -> m.c() % 2 == 0 ? new SamCall.Clear() : new SamCall.HealthCheck(m.c() % 3 > 0);
    };
  }

  private static SamCall initialize(HamState state, Move m, ProcessId fresh) {
    Entity e = state.entity(Asked.name(m.a()));
    boolean own = m.c() % 3 == 0 && e != null && e.life() instanceof Life.Up;
    ProcessId process = own ? ((Life.Up) e.life()).process() : fresh;
    return new SamCall.Initialize(contract(m.c()), process, m.c() % 2 == 0 ? spec() : null, "s");
  }

  private static ProcessSpec spec() {
    return ProcessSpec.of(List.of("/bin/sam"));
  }

  private static SamContract contract(int n) {
    Recovery recovery = n % 2 == 0 ? Recovery.RESTART : Recovery.QUIT;
    boolean strict = n % 3 == 0;
    return new SamContract(
        n % 4 * 100,
        recovery,
        n % 5 < 2,
        n % 7 < 4,
        strict,
        n % 4 == 1,
        n % 6 * 50,
        strict ? RestartPolicy.NONE : Words.budget(1 + n % 3),
        List.of());
  }

  /** Silence, a changed quorum, or the end of a process that is no entity. */
  static HamEvent fact(HamState state, Move m) {
    List<SamProcess> all = List.copyOf(state.sam().processes().values());
    if (all.isEmpty() || m.b() % 6 == 0) {
      return new HamEvent.QuorumChanged(m.c() % 2 == 0);
    }
    SamProcess p = all.get(m.a() % all.size());
    boolean alone = p.state() == SamState.INITIALIZED || p.state() == SamState.FINALIZED;
    if (alone && m.b() % 2 == 0) {
      return new HamEvent.Died(p.name(), p.uid(), p.instance(), Exit.exited(m.c()));
    }
    return new HamEvent.Silent(p.name(), p.uid(), p.instance() - (m.c() % 5 == 0 ? 1 : 0));
  }
}
