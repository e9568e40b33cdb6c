package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.hamlet.it.live.LiveNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client in JavaScript, made from {@code proto/} alone, against the server. */
class NodeClientIT {
  private static final Path PROJECT = LiveNode.program().getParent().getParent().getParent();
  private static final Path SOURCE = PROJECT.resolve("it-tests/src/test/node-client");
  private static final Path PLACE = PROJECT.resolve("it-tests/target/node-client");
  private Bench bench;

  @BeforeAll
  static void install() throws Exception {
    Files.createDirectories(PLACE);
    for (String file : List.of("package.json", "client.mjs")) {
      Files.copy(SOURCE.resolve(file), PLACE.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (Files.exists(PLACE.resolve("node_modules/@grpc/proto-loader"))) {
      return;
    }
    Ran npm =
        run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error");
    if (npm.code != 0) {
      missing("npm could not install the gRPC packages: " + npm.output);
    }
  }

  @BeforeEach
  void start() throws Exception {
    bench = new Bench();
  }

  @AfterEach
  void stop() throws Exception {
    bench.close();
  }

  @Test
  void overASocketFile() throws Exception {
    speaks("unix:" + bench.socket());
  }

  @Test
  void overTcp() throws Exception {
    speaks("127.0.0.1:" + bench.port());
  }

  private void speaks(String address) throws Exception {
    Path protos = PROJECT.resolve("proto/src/main/proto");
    Ran client = run("node", "client.mjs", address, protos.toString());
    assertThat(client.code).as(client.output).isZero();
    assertThat(client.output)
        .contains("\"node\":\"" + Brain.NODE + "\"")
        .contains("\"pulse\":{\"number\":\"1\",\"code\":7,\"value\":\"-42\"}")
        .contains("\"beats\":100");
    assertThat(bench.brain.state().entities()).isEmpty();
  }

  private static Ran run(String... command) throws IOException, InterruptedException {
    Path output = PLACE.resolve(command[0] + ".log");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(PLACE.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      missing(command[0] + " cannot be started: " + e.getMessage());
      throw e;
    }
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command[0] + " does not end: " + Files.readString(output));
    }
    return new Ran(process.exitValue(), Files.readString(output));
  }

  private static void missing(String what) {
    boolean required =
        List.of(System.getProperty("hamlet.it.require", "").split(",")).contains("node");
    if (required) {
      throw new AssertionError("hamlet.it.require names node, but " + what);
    }
    abort(what);
  }

  /** How a program ended and what it wrote. */
  private record Ran(int code, String output) {}
}
