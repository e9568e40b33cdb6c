package io.hamlet.it.lease;

import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.core.model.Moment;
import io.hamlet.manager.lease.LeaseKey;
import io.hamlet.manager.lease.LeaseSocket;
import io.hamlet.manager.port.Hearing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that does nothing but exchange lease datagrams, and prints what it hears: {@code NODE
 * silent}, {@code NODE heard}, and {@code lease} or {@code no lease} with each change.
 */
public final class LeaseTalker {
  /** Long, so that no busy machine makes anybody silent. */
  private static final LeaseTimes TIMES = new LeaseTimes(6_000_000_000L);

  private LeaseTalker() {}

  /**
   * @param args {@code ham} or {@code guardian}; the own node; then {@code NODE=ADDRESS:PORT} of
   *     each voter; a Guardian has the fifth port after
   */
  public static void main(String[] args) throws IOException {
    boolean guardian = args[0].equals("guardian");
    Map<String, List<InetSocketAddress>> places = new TreeMap<>();
    for (String arg : List.of(args).subList(2, args.length)) {
      String address = arg.substring(arg.indexOf('=') + 1, arg.lastIndexOf(':'));
      int port = Integer.parseInt(arg.substring(arg.lastIndexOf(':') + 1));
      places.put(
          arg.substring(0, arg.indexOf('=')),
          List.of(new InetSocketAddress(address, port), new InetSocketAddress(address, port + 5)));
    }
    LeaseSocket socket =
        LeaseSocket.open(
            places.get(args[1]).get(guardian ? 1 : 0),
            new LeaseSocket.Setting(
                args[1], LeaseKey.of(new byte[32], "talk"), TIMES, LeaseTalker::clock),
            node -> places.getOrDefault(node, List.of()),
            new Teller(),
            LeaseTalker::say);
    socket.desk().voters(new VoterSet(1, List.copyOf(places.keySet())));
    if (guardian) {
      socket.desk().guard(1);
    } else {
      socket.desk().reign(1, 1);
      socket.desk().ready();
      TreeMap<String, LeaseTimes> watched = new TreeMap<>();
      places.keySet().forEach(node -> watched.put(node, TIMES));
      socket.desk().watch(watched);
    }
    boolean held = false;
    while (true) {
      boolean holds = socket.desk().lease().holds(clock().bootNanos());
      if (holds != held) {
        say(holds ? "lease" : "no lease");
      }
      held = holds;
      LockSupport.parkNanos(100_000_000L);
    }
  }

  private static Moment clock() {
    return new Moment(System.nanoTime(), System.currentTimeMillis() * 1_000_000L);
  }

  private static void say(String line) {
    System.out.println(System.currentTimeMillis() + " " + line);
  }

  private static final class Teller implements Hearing.Listener {
    @Override
    public void silent(String node, long incarnation) {
      say(node + " silent");
    }

    @Override
    public void heardAgain(String node, long incarnation) {
      say(node + " heard");
    }
  }
}
