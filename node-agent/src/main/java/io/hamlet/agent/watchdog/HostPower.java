package io.hamlet.agent.watchdog;

import io.hamlet.core.sam.WatchdogJudge.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reboots this host, or powers it off, at once. Beside a stand-in for a device it only says so. */
public final class HostPower {
  private static final Logger LOG = LoggerFactory.getLogger(HostPower.class);
  private static final int FORMAT = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;

  private HostPower() {}

  public static void act(Path device, Verdict verdict) {
    List<String> command =
        List.of(verdict == Verdict.REBOOT ? "/sbin/reboot" : "/sbin/poweroff", "-f");
    if (!isDevice(device)) {
      LOG.error("{} is no device, so this is not done: {}", device, command);
      return;
    }
    LOG.error("a program that has failed wants it: {}", command);
    try {
      new ProcessBuilder(command).inheritIO().start();
    } catch (IOException e) {
      LOG.error("{} cannot be done, and the watchdog is petted no more: {}", command, e.toString());
    }
  }

  static boolean isDevice(Path path) {
    try {
      return ((int) Files.getAttribute(path, "unix:mode") & FORMAT) == CHARACTER_DEVICE;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
