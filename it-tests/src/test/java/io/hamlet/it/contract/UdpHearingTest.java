package io.hamlet.it.contract;

import io.hamlet.core.model.Moment;
import io.hamlet.it.live.Until;
import io.hamlet.manager.lease.LeaseDesk;
import io.hamlet.manager.lease.LeaseKey;
import io.hamlet.manager.lease.LeaseSocket;
import io.hamlet.manager.port.Hearing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** The real datagrams, on loopback. */
class UdpHearingTest extends HearingContract {
  private final Map<String, List<InetSocketAddress>> places = new ConcurrentHashMap<>();
  private final Set<String> cuts = ConcurrentHashMap.newKeySet();
  private final List<LeaseSocket> open = new ArrayList<>();

  @Override
  protected Manager start(
      String node, LeaseKey key, Hearing.Listener listener, List<String> notices)
      throws IOException {
    LeaseSocket socket =
        LeaseSocket.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new LeaseSocket.Setting(node, key, TIMES, UdpHearingTest::clock),
            to -> cuts.contains(node + ">" + to) ? List.of() : places.getOrDefault(to, List.of()),
            listener,
            notices::add);
    open.add(socket);
    InetSocketAddress place = socket.address();
    places.computeIfAbsent(node, n -> new CopyOnWriteArrayList<>()).add(place);
    return new Manager() {
      @Override
      public LeaseDesk desk() {
        return socket.desk();
      }

      @Override
      public void kill() throws IOException {
        places.get(node).remove(place);
        socket.close();
      }
    };
  }

  @AfterEach
  void closeAll() throws IOException {
    for (LeaseSocket socket : open) {
      socket.close();
    }
  }

  private static Moment clock() {
    long now = System.nanoTime();
    return new Moment(now, now);
  }

  @Override
  protected void cut(String from, String to) {
    cuts.add(from + ">" + to);
  }

  @Override
  protected void heal() {
    cuts.clear();
  }

  @Override
  protected long now(String node) {
    return System.nanoTime();
  }

  @Override
  protected void until(String awaited, Callable<Boolean> fact) {
    Until.isTrue(awaited, fact);
  }
}
