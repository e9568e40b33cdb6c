package io.hamlet.it.live;

import io.hamlet.client.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs nobody here wrote, each below a directory of its own and on a port of its own. */
final class Programs {
  private Programs() {}

  /** A server that is set up: how to start it, and where it answers. */
  record Server(Path directory, int port, List<String> argv, Path pidFile) {
    Command.Builder command() {
      return Command.builder(argv);
    }

    /** True if it answers the words with something that begins so. */
    boolean answers(String words, String expected) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        socket.setSoTimeout(1_000);
        socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
        byte[] got = socket.getInputStream().readNBytes(expected.length());
        return new String(got, StandardCharsets.US_ASCII).equals(expected);
      } catch (IOException e) {
        return false;
      }
    }

    boolean servesHttp() {
      return answers("GET / HTTP/1.0\r\n\r\n", "HTTP/1.");
    }

    long filedPid() throws IOException {
      return Long.parseLong(Files.readString(pidFile).strip());
    }
  }

  static Server nginx(Path parent, boolean daemon) throws IOException {
    Path program = Needs.program("nginx");
    Path at = Files.createDirectories(parent.resolve("nginx"));
    int port = freePort();
    String text =
        """
        daemon %s;
        worker_processes 2;
        pid %s/nginx.pid;
        error_log %s/error.log;
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path %s/body;
          proxy_temp_path %s/proxy;
          fastcgi_temp_path %s/fastcgi;
          uwsgi_temp_path %s/uwsgi;
          scgi_temp_path %s/scgi;
          server { listen 127.0.0.1:%d; location / { return 200 "hello"; } }
        }
        """
            .replace("%s/", at + "/")
            .formatted(daemon ? "on" : "off", port);
    Path conf = Files.writeString(at.resolve("nginx.conf"), text);
    List<String> argv =
        List.of(program.toString(), "-p", at + "/", "-c", conf.toString(), "-e", at + "/error.log");
    return new Server(at, port, argv, at.resolve("nginx.pid"));
  }

  static Server redis(Path parent, boolean daemon) throws IOException {
    Path program = Needs.program("redis-server");
    Path at = Files.createDirectories(parent.resolve("redis"));
    int port = freePort();
    Path pidFile = at.resolve("redis.pid");
    List<String> argv = new ArrayList<>(List.of(program.toString(), "--port", "" + port));
    argv.addAll(List.of("--bind", "127.0.0.1", "--dir", at.toString(), "--save", ""));
    argv.addAll(List.of("--daemonize", daemon ? "yes" : "no", "--pidfile", pidFile.toString()));
    // What it writes when it is to crash may itself crash, and then it dies of something else.
    argv.addAll(List.of("--crash-log-enabled", "no", "--crash-memcheck-enabled", "no"));
    return new Server(at, port, argv, pidFile);
  }

  static Server python(Path parent) throws IOException {
    Path program = Needs.program("python3");
    Path at = Files.createDirectories(parent.resolve("python"));
    int port = freePort();
    List<String> argv =
        List.of(
            program.toString(),
            "-m",
            "http.server",
            "" + port,
            "--bind",
            "127.0.0.1",
            "--directory",
            at.toString());
    return new Server(at, port, argv, null);
  }

  static int freePort() {
    return Ports.freeRange();
  }
}
