package io.hamlet.agent;

import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.util.List;

/**
 * What a HAM needs of its surroundings. A Guardian looks it up beside its guard, so that its
 * takeover finds it; a first HAM when it is needed. Thread-safe.
 */
final class Standby {
  private final Launch launch;
  private final FfmKernel kernel;
  private Host host;
  private SpawnRequest guardian;

  Standby(Launch launch, FfmKernel kernel) {
    this.launch = launch;
    this.kernel = kernel;
  }

  FfmKernel kernel() {
    return kernel;
  }

  synchronized Host host() throws IOException {
    if (host == null) {
      host = new Host(launch.config(), kernel);
    }
    return host;
  }

  /**
   * How the next Guardian is made; null: there is to be none.
   *
   * @param sockets listening descriptors of this process, always the same
   */
  synchronized SpawnRequest guardian(List<Integer> sockets) throws IOException {
    if (guardian == null && launch.guarded()) {
      guardian = GuardianCommand.request(kernel, launch, sockets);
    }
    return guardian;
  }
}
