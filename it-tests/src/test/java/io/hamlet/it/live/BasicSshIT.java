package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scope on another host, through a real sshd. */
class BasicSshIT {
  @TempDir Path directory;

  @Test
  void aCheckRunsThereAndALostHostChangesNothing() throws Exception {
    Needs.program("ssh");
    Path sshd = Needs.program("sshd");
    try (TwoHosts hosts = TwoHosts.make(directory);
        BasicHome home = new BasicHome(directory.resolve("home"), "ssh")) {
      keys();
      Path config = sshdConfig();
      Process server = hosts.start(2, sshd.toString(), "-D", "-e", "-f", config.toString());
      files(home);
      home.start();

      home.awaitState("host2", "there");
      // What users wrote reached the script as it was, through two shells.
      assertThat(home.check("where", "text")).isEqualTo("it's \"q\" $HOME; `exit 9` root@host2");
      Path plugins = Path.of("/usr/lib/nagios/plugins");
      Needs.that("programs", "the Monitoring Plugins", Files.exists(plugins));
      Until.isTrue("a plugin runs", () -> "OK".equals(home.check("check_load", "result")));

      server.destroyForcibly();

      home.awaitTold("scope-unreachable", "where");
      home.awaitTold("check-unknown", "where");
      assertThat(home.state("host2")).isEqualTo("there");
    }
  }

  private void keys() throws Exception {
    for (String name : new String[] {"host", "user"}) {
      String file = directory.resolve(name).toString();
      String[] command = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file};
      assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }
    String host = Files.readString(directory.resolve("host.pub"));
    Files.writeString(directory.resolve("known"), "[" + TwoHosts.SECOND + "]:2222 " + host);
  }

  private Path sshdConfig() throws Exception {
    // sshd keeps an empty directory there, and does not make it.
    Files.createDirectories(
        Path.of("/run/sshd"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    String text =
        """
        ListenAddress %s:2222
        HostKey %s
        AuthorizedKeysFile %s
        PidFile none
        UsePAM no
        StrictModes no
        PermitRootLogin prohibit-password
        """
            .formatted(TwoHosts.SECOND, directory.resolve("host"), directory.resolve("user.pub"));
    return Files.writeString(directory.resolve("sshd.conf"), text);
  }

  private void files(BasicHome home) throws Exception {
    home.file(
        "etc/ssh_config",
        """
        UserKnownHostsFile %s
        IdentityFile %s
        IdentitiesOnly yes
        StrictHostKeyChecking yes
        """
            .formatted(directory.resolve("known"), directory.resolve("user")));
    home.file(
        "etc/checks.conf",
        "[hosts]\nhost2 = "
            + TwoHosts.SECOND
            + "\n[ssh:root@host2:2222]\n"
            + "where 'it'\\''s \"q\" $HOME; `exit 9`'\ncheck_load -w 900,900,900 -c 999,999,999\n"
            + "[options]\ninterval = 300ms\ntimeout = 5s\n");
    home.script(
        "checks/where",
        "echo \"$1 $(id -un)@$HAM_HOST\"\n"
            + "ip -o addr show | grep -q "
            + TwoHosts.SECOND
            + " && echo STATE=there");
    home.link("checks/check_load", Path.of("/usr/lib/nagios/plugins/check_load"));
  }
}
