package io.hamlet.agent.cli;

import io.hamlet.agent.config.Places;
import io.hamlet.client.Ack;
import io.hamlet.client.Ham;
import io.hamlet.client.HamObject;
import io.hamlet.client.Receipt;
import io.hamlet.client.Tls;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One call of a command: its words, its connection, its output. For one thread. */
final class Call implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]{0,64}|\\*):(.*)");

  private final Args args;
  private final Caller caller;
  private Ham connection;
  private Ham meant;

  Call(Args args, Caller caller) {
    this.args = args;
    this.caller = caller;
  }

  Args args() {
    return args;
  }

  Caller caller() {
    return caller;
  }

  boolean isJson() {
    return args.text("output", "text").equals("json");
  }

  /** The connection, with the node, level and limit that the global options ask for. */
  Ham ham() {
    if (meant == null) {
      connection = connect();
      meant = connection;
      if (args.has("node") && !args.spec().name().equals("run")) {
        meant = meant.connectNode(args.text("node"));
      }
      if (args.has("ack")) {
        meant = meant.withAck(wantedAck());
      }
      if (args.has("latest")) {
        meant = meant.withLatest();
      }
      if (args.has("timeout")) {
        meant = meant.withTimeout(args.duration("timeout", Duration.ZERO));
      }
    }
    return meant;
  }

  /** The same for the node that a path names, as in {@code node:path}. */
  Ham hamFor(String path) {
    Matcher address = ADDRESS.matcher(path);
    boolean isElsewhere = address.matches() && !address.group(1).isEmpty();
    return isElsewhere ? ham().connectNode(address.group(1)) : ham();
  }

  /** A path without its node; a colon in front keeps a name that holds colons whole. */
  static String local(String path) {
    Matcher address = ADDRESS.matcher(path);
    return address.matches() ? address.group(2) : path;
  }

  /** True if the path, or else the option, names the tree of the cluster. */
  boolean isOfCluster(String path) {
    Matcher address = ADDRESS.matcher(path);
    boolean isElsewhere = address.matches() && !address.group(1).isEmpty();
    return (isElsewhere ? address.group(1) : args.text("node", "")).equals("*");
  }

  /** The object that a path names; asks nobody. */
  HamObject at(String path) {
    return args.read("PATH", local(path), hamFor(path)::at);
  }

  /** One document or line on standard output. */
  void print(String line) {
    caller.out().print(line + "\n");
  }

  void printJson(Object document) {
    print(Json.write(document));
  }

  /** For people, beside the result. */
  void note(String line) {
    caller.err().print("ham: " + line + "\n");
    caller.err().flush();
  }

  /** The result of a change, in the form that was asked for. */
  ExitCode changed(Receipt receipt, String text, Map<String, Object> document) {
    if (!receipt.warning().isEmpty()) {
      note(receipt.warning());
    }
    String reached = receipt.ack().name().toLowerCase(Locale.ROOT);
    if (isJson()) {
      document.put("ack", reached);
      printJson(document);
    } else {
      print(text);
    }
    if (args.has("ack") && receipt.ack().compareTo(wantedAck()) < 0) {
      note(
          "the change stands, but it got only as far as "
              + receipt.ack().name().toLowerCase(Locale.ROOT));
      return ExitCode.NO;
    }
    return ExitCode.DONE;
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }

  private Ack wantedAck() {
    return Ack.valueOf(args.text("ack").toUpperCase(Locale.ROOT));
  }

  /** Null for none; those of {@code run} are the node's. */
  private Tls tls() {
    return args.spec().name().equals("run")
        ? Tls.of(caller.environment())
        : Tls.of(
            file("tls-cert", "HAM_TLS_CERT"),
            file("tls-key", "HAM_TLS_KEY"),
            file("tls-ca", "HAM_TLS_CA"));
  }

  private String file(String option, String variable) {
    String name = args.text(option, caller.variable(variable, ""));
    return name.isEmpty() ? "" : caller.directory().resolve(name).toString();
  }

  private Ham connect() {
    Tls tls = args.read("TLS", "", none -> tls());
    if (args.has("server")) {
      return args.read("--server", args.text("server"), server -> Ham.connect(tls, server));
    }
    String server = caller.variable("HAM_SERVER", "");
    if (!server.isEmpty()) {
      return args.read("HAM_SERVER", server, named -> Ham.connect(tls, named));
    }
    try {
      return Ham.connect("unix:" + Places.localSocket(caller.environment()));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
