package io.hamlet.agent;

import io.hamlet.agent.guardian.Heir;
import io.hamlet.agent.guardian.PairPage;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.agent.process.GatesAhead;
import io.hamlet.manager.api.ApiServer;
import io.hamlet.manager.api.Parts;
import java.io.IOException;
import java.util.List;

/**
 * What a HAM needs of its surroundings. A Guardian looks it up beside its guard, so that its
 * takeover finds it; a first HAM when it is needed. Thread-safe.
 */
final class Standby {
  /** For the descriptors of as many lives, of all that is open beside them, and more. */
  private static final int DESCRIPTORS = 16_384;

  private final Launch launch;
  private final FfmKernel kernel;
  private final GatesAhead gates = new GatesAhead();
  private PairPage pair;
  private Host host;
  private SpawnRequest guardian;
  private ApiServer server;
  private Heir heir;
  private int inotify;
  private boolean acts;

  Standby(Launch launch, FfmKernel kernel) {
    this.launch = launch;
    this.kernel = kernel;
  }

  FfmKernel kernel() {
    return kernel;
  }

  /** The page of this manager, which its Guardian shall have too; before that is made. */
  synchronized void pair(PairPage page) {
    pair = page;
  }

  /**
   * What a HAM watches its own files by; negative: there is none. Its Guardian holds it too: the
   * kernel waits 20 ms and more before it gives up what watches files, and a process that does so
   * with its death is not dead before.
   */
  synchronized int inotify() {
    if (inotify == 0) {
      inotify = (int) Math.max(-1, kernel.inotifyCreate());
    }
    return inotify;
  }

  /** For the first who die. */
  GatesAhead gates() {
    return gates;
  }

  synchronized Host host() throws IOException {
    if (host == null) {
      // Waits for the kernel, and what is needed until then has room already.
      Thread.ofPlatform().name("room").daemon().start(() -> kernel.makeRoom(DESCRIPTORS));
      host = new Host(launch.config(), kernel);
    }
    return host;
  }

  /**
   * The API server, which stands on these parts from now on.
   *
   * @param sockets listening descriptors of this process, always the same; empty: they are to be
   *     made
   */
  synchronized ApiServer server(List<Integer> sockets, Parts parts) throws IOException {
    if (server == null) {
      server = Counter.make(launch.config(), host().user(), sockets, parts);
    } else {
      server.standOn(parts);
    }
    return server;
  }

  /**
   * The same before anybody acts, on inherited sockets: at its place, with its doors closed. Of a
   * member of a cluster it is not kept: what that offers is known when it acts.
   */
  synchronized ApiServer serverAhead(List<Integer> sockets, Parts parts) throws IOException {
    if (server != null) {
      return server;
    }
    boolean kept = launch.config().cluster().isEmpty();
    ApiServer made =
        Counter.make(launch.config(), host().user(), kept ? sockets : List.of(), parts);
    if (kept) {
      made.bind();
      server = made;
    }
    return made;
  }

  /** Whether it is the one that will serve. */
  synchronized boolean keeps(ApiServer made) {
    return made == server;
  }

  /**
   * How the next Guardian is made; null: there is to be none.
   *
   * @param sockets listening descriptors of this process, always the same
   */
  synchronized SpawnRequest guardian(List<Integer> sockets) throws IOException {
    if (guardian == null && launch.guarded()) {
      guardian = GuardianCommand.request(kernel, launch, pair.descriptor(), sockets);
    }
    return guardian;
  }

  /**
   * The same with what it is to keep for its HAM; null: there is to be none.
   *
   * @param sockets listening descriptors of this process, always the same
   */
  synchronized SpawnRequest guardianKeeping(List<Integer> sockets) throws IOException {
    SpawnRequest plain = guardian(sockets);
    return plain == null || inotify() < 0 ? plain : GuardianCommand.keeping(inotify(), plain);
  }

  /**
   * Makes the next Guardian, unless somebody acts already. Not of a member of a cluster: its
   * managers are in a cgroup that is made when they act.
   */
  synchronized void makeHeir(List<Integer> sockets) throws IOException {
    if (!acts && heir == null && launch.guarded() && launch.config().cluster().isEmpty()) {
      heir = Heir.make(kernel, guardianKeeping(sockets));
    }
  }

  /** For whoever acts from now on; null: there is none. */
  synchronized Heir takeHeir() {
    acts = true;
    Heir taken = heir;
    heir = null;
    return taken;
  }
}
