package io.hamlet.agent.supervise.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How people say who looks. */
class HealthTest {
  @Test
  void eachKind() {
    assertThat(Health.parse("none")).isEqualTo(new Health.None());
    assertThat(Health.parse("notify")).isEqualTo(new Health.Notify());
    assertThat(Health.parse("exec:pg_isready -h '/tmp/a b' \"$HOME\" ; rm -rf"))
        .isEqualTo(
            new Health.Exec(List.of("pg_isready", "-h", "/tmp/a b", "$HOME", ";", "rm", "-rf")));
    assertThat(Health.parse("tcp:localhost:80")).isEqualTo(new Health.Tcp("localhost", 80));
    assertThat(Health.parse("tcp:[::1]:8080")).isEqualTo(new Health.Tcp("::1", 8_080));
    Health http = new Health.Http(URI.create("http://127.0.0.1:8080/up?x=1"));
    assertThat(Health.parse("http://127.0.0.1:8080/up?x=1")).isEqualTo(http);
    assertThat(Health.parse("http:http://127.0.0.1:8080/up?x=1")).isEqualTo(http);
    assertThat(Health.parse("https://localhost/"))
        .isEqualTo(new Health.Http(URI.create("https://localhost/")));
    assertThat(Health.parse("file:/run/x")).isEqualTo(new Health.Touched(Path.of("/run/x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "other",
        "none:",
        "none:x",
        "notify:1",
        "exec",
        "exec:",
        "exec:  ",
        "exec:'open",
        "exec:''",
        "tcp:localhost",
        "tcp:localhost:0",
        "tcp:localhost:65536",
        "tcp::80",
        "tcp:a b:80",
        "tcp:::1:80",
        "http:ftp://localhost/",
        "http:/only/a/path",
        "http:localhost",
        "http://user:secret@localhost/",
        "http://bad host/",
        "file:",
        "file:/",
        "FILE:/x"
      })
  void whatIsNoneIsRefusedWithWhatIs(String text) {
    assertThatThrownBy(() -> Health.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s).+");
  }
}
