package io.hamlet.manager.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Tells who holds the other end of a TCP connection over loopback, from /proc/net/tcp and tcp6
 * (proc(5)): a row gives local address, remote address, user and inode of each socket of this host.
 */
final class LoopbackOwners {
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int UID = 7;
  private static final int INODE = 9;
  private final Path proc;

  LoopbackOwners(Path proc) {
    this.proc = proc;
  }

  /** The peer whose socket has {@code theirs} as its own address and {@code ours} as the other. */
  Peer find(InetSocketAddress theirs, InetSocketAddress ours) throws IOException {
    for (String table : new String[] {"net/tcp", "net/tcp6"}) {
      boolean wide = table.endsWith("6");
      if (!wide && !(theirs.getAddress() instanceof Inet4Address)) {
        continue;
      }
      Peer found = find(proc.resolve(table), shown(theirs, wide), shown(ours, wide));
      if (found != null) {
        return found;
      }
    }
    return Peer.UNKNOWN;
  }

  /** True if the process has that socket open. */
  boolean holds(long pid, long inode) {
    Path wanted = Path.of("socket:[" + inode + "]");
    Path fds = proc.resolve(Long.toString(pid)).resolve("fd");
    try (DirectoryStream<Path> open = Files.newDirectoryStream(fds)) {
      for (Path fd : open) {
        if (wanted.equals(target(fd))) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      return false;
    }
  }

  private static Path target(Path fd) {
    try {
      return Files.readSymbolicLink(fd);
    } catch (IOException e) {
      return null; // Closed in between.
    }
  }

  private static Peer find(Path table, String theirs, String ours) throws IOException {
    if (!Files.exists(table)) {
      return null; // No IPv6 on this host.
    }
    try (BufferedReader rows = Files.newBufferedReader(table, StandardCharsets.US_ASCII)) {
      for (String row = rows.readLine(); row != null; row = rows.readLine()) {
        String[] column = row.strip().split("\\s+");
        if (column.length > INODE && column[LOCAL].equals(theirs) && column[REMOTE].equals(ours)) {
          return new Peer(0, Long.parseLong(column[UID]), Long.parseLong(column[INODE]));
        }
      }
    }
    return null;
  }

  /** An address as the kernel prints it: 32-bit words in host order, in hexadecimal. */
  static String shown(InetSocketAddress address, boolean wide) {
    byte[] bytes = wide ? widened(address.getAddress()) : address.getAddress().getAddress();
    StringBuilder text = new StringBuilder();
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      text.append(String.format(Locale.ROOT, "%08X", words.getInt()));
    }
    return text.append(String.format(Locale.ROOT, ":%04X", address.getPort())).toString();
  }

  private static byte[] widened(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 16) {
      return bytes;
    }
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    System.arraycopy(bytes, 0, mapped, 12, 4);
    return mapped;
  }
}
