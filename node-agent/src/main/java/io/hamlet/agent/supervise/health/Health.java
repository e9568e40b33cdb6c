package io.hamlet.agent.supervise.health;

import io.hamlet.agent.script.Words;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who says that a program is well (sam.md 4.5). */
public sealed interface Health {
  /** Nobody, or the program itself by other ways. */
  record None() implements Health {}

  /** The program, with sd_notify(3). */
  record Notify() implements Health {}

  /** A program that is run, by its exit status. */
  record Exec(List<String> argv) implements Health {
    public Exec {
      argv = List.copyOf(argv);
    }
  }

  /** Somebody who accepts connections. */
  record Tcp(String host, int port) implements Health {
    private static final Pattern FORM =
        Pattern.compile(
            "(?:(?<host>[A-Za-z0-9._-]{1,253})|\\[(?<six>[0-9A-Fa-f:.%]{2,60})])"
                + ":(?<port>[0-9]{1,5})");
  }

  /** Somebody who answers a GET with a status from 200 to 399. */
  record Http(URI uri) implements Health {}

  /** A file whose modification time goes on. */
  record Touched(Path path) implements Health {}

  /** What may be given, for help and messages. */
  String FORMS = "none|notify|exec:CMD|tcp:HOST:PORT|http:URL|file:PATH";

  /** True if somebody has to look; else the program speaks for itself. */
  default boolean isProbe() {
    return switch (this) {
      case None none -> false;
      case Notify notify -> false;
      case Exec exec -> true;
      case Tcp tcp -> true;
      case Http http -> true;
      case Touched touched -> true;
    };
  }

  /** Throws IllegalArgumentException with a message that says what is accepted. */
  static Health parse(String text) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    boolean isBare = kind.equals("none") || kind.equals("notify");
    if (isBare ? colon >= 0 : rest.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' is none of " + FORMS);
    }
    return switch (kind) {
      case "none" -> new None();
      case "notify" -> new Notify();
      case "exec" -> exec(rest);
      case "tcp" -> tcp(rest);
      case "http" -> http(rest.startsWith("//") ? text : rest);
      case "https" -> http(text);
      case "file" -> file(rest);
      default -> throw new IllegalArgumentException("'" + text + "' is none of " + FORMS);
    };
  }

  private static Health exec(String line) {
    List<String> argv = Words.split(line);
    if (argv.isEmpty() || argv.getFirst().isEmpty() || line.indexOf(0) >= 0) {
      throw new IllegalArgumentException("exec: needs a command");
    }
    return new Exec(argv);
  }

  private static Health tcp(String address) {
    Matcher parts = Tcp.FORM.matcher(address);
    int port = parts.matches() ? Integer.parseInt(parts.group("port")) : 0;
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("'" + address + "' is not HOST:PORT or [ADDRESS]:PORT");
    }
    String host = parts.group("host");
    return new Tcp(host == null ? parts.group("six") : host, port);
  }

  private static Health http(String url) {
    try {
      URI uri = new URI(url);
      boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (known && uri.getHost() != null && uri.getPort() <= 65_535 && uri.getUserInfo() == null) {
        return new Http(uri);
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "'" + url + "' is not of the form http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH");
  }

  private static Health file(String path) {
    if (path.indexOf(0) >= 0 || Path.of(path).getFileName() == null) {
      throw new IllegalArgumentException("'" + path.replace('\0', '?') + "' is no path of a file");
    }
    return new Touched(Path.of(path));
  }
}
