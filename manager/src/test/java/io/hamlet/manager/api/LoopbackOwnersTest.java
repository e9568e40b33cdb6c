package io.hamlet.manager.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackOwnersTest {
  private final LoopbackOwners owners = new LoopbackOwners(Path.of("/proc"));

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void thisProcessOwnsItsOwnConnection(String host, @TempDir Path directory) throws Exception {
    InetAddress address = InetAddress.getByName(host);
    int own = (Integer) Files.getAttribute(directory, "unix:uid");
    try (ServerSocket server = new ServerSocket(0, 1, address);
        Socket client = new Socket(address, server.getLocalPort());
        Socket accepted = server.accept()) {
      Peer peer = owners.find(remote(accepted), local(accepted));
      assertThat(peer.uid()).isEqualTo(own);
      assertThat(owners.holds(ProcessHandle.current().pid(), peer.inode())).isTrue();
      assertThat(owners.holds(1, peer.inode())).isFalse();
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void whoIsInNoTableIsUnknown() throws Exception {
    InetSocketAddress nobody = new InetSocketAddress("127.0.0.1", 1);
    assertThat(owners.find(nobody, nobody)).isEqualTo(Peer.UNKNOWN);
  }

  @Test
  void anAddressIsWrittenAsTheKernelDoes() throws Exception {
    InetSocketAddress v4 = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 8080);
    assertThat(LoopbackOwners.shown(v4, false)).isEqualTo("0100007F:1F90");
    assertThat(LoopbackOwners.shown(v4, true)).isEqualTo("0000000000000000FFFF00000100007F:1F90");
    InetSocketAddress v6 = new InetSocketAddress(InetAddress.getByName("::1"), 22);
    assertThat(LoopbackOwners.shown(v6, true)).isEqualTo("00000000000000000000000001000000:0016");
  }

  private static InetSocketAddress remote(Socket socket) {
    return (InetSocketAddress) socket.getRemoteSocketAddress();
  }

  private static InetSocketAddress local(Socket socket) {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }
}
