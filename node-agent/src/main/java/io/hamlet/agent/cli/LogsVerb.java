package io.hamlet.agent.cli;

import io.hamlet.client.HamException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** {@code ham logs}. */
final class LogsVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
        "logs",
        "ENTITY",
        "show the captured output of an entity",
        Opt.flag("follow", "go on with what is written from now on").as("f"),
        Opt.value("tail", "SIZE", "only the last so many bytes, such as 64KiB"));
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    Place place = Place.of(call, args.positional(0), "entity");
    long tail = args.has("tail") ? args.read("--tail", args.text("tail"), Units::size) : 0;
    try (InputStream output = place.ham().output(place.last(), args.has("follow"), tail)) {
      if (call.isJson()) {
        printLines(call, place.last(), output);
      } else {
        boolean isEmpty = copy(call, output) == 0;
        if (isEmpty && !args.has("follow")) {
          call.note("'" + place.last() + "' has written nothing so far");
        }
      }
      return ExitCode.DONE;
    } catch (IOException e) {
      if (e.getCause() instanceof HamException refused) {
        throw refused;
      }
      throw new Failure(ExitCode.UNREACHABLE, "the output broke off: " + e.getMessage());
    }
  }

  private static long copy(Call call, InputStream output) throws IOException {
    byte[] buffer = new byte[16_384];
    long copied = 0;
    for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
      call.caller().out().write(buffer, 0, n);
      copied += n;
      // Flushes, and ends when nobody reads any more.
      if (call.caller().out().checkError()) {
        break;
      }
    }
    return copied;
  }

  private static void printLines(Call call, String entity, InputStream output) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      call.printJson(Json.object("entity", entity, "line", line));
      if (call.caller().out().checkError()) {
        return;
      }
    }
  }
}
