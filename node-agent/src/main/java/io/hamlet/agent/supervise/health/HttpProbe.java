package io.hamlet.agent.supervise.health;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;

/** Asks by HTTP, each time by a connection of its own; what follows the head is not read. */
final class HttpProbe implements Probe {
  private final URI uri;

  HttpProbe(URI uri) {
    this.uri = uri;
  }

  @Override
  public Finding look(Duration limit) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(limit).GET().build();
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limit)
            .build();
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      answer.body().close();
      int status = answer.statusCode();
      boolean isWell = status >= 200 && status < 400;
      return isWell ? Finding.well("") : Finding.sick(uri + " answers with status " + status);
    } catch (IOException e) {
      String why = uri + ": " + reason(e);
      // Neither a name server nor a certificate that has run out is mended by a restart.
      boolean isOurs =
          isCausedBy(e, UnresolvedAddressException.class)
              || isCausedBy(e, CertificateException.class);
      return isOurs ? Finding.unknown(why) : Finding.sick(why);
    } finally {
      client.shutdownNow();
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static boolean isCausedBy(Throwable e, Class<? extends Throwable> kind) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (kind.isInstance(each)) {
        return true;
      }
    }
    return false;
  }
}
