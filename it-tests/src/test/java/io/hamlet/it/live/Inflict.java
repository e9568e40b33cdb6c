package io.hamlet.it.live;

import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.hamlet.it.crash.Plight;
import io.hamlet.it.crash.PlightAgent;
import io.hamlet.it.crash.ThreadEnd;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Brings something bad upon a running manager. */
final class Inflict {
  private Inflict() {}

  /**
   * Returns when it has begun; the manager may be gone by then.
   *
   * @param directory gets a file of the agent
   */
  static void on(long manager, Plight plight, Path directory) throws Exception {
    load(PlightAgent.class, plight.name(), manager, directory);
  }

  /**
   * Ends a thread of it by an interrupt, without a word to the others.
   *
   * @param name a regular expression that its whole name matches
   */
  static void endOfThread(long manager, String name, Path directory) throws Exception {
    load(ThreadEnd.class, name, manager, directory);
  }

  private static void load(Class<?> agent, String words, long manager, Path directory)
      throws Exception {
    Path jar = directory.resolve(agent.getSimpleName() + ".jar");
    if (!Files.exists(jar)) {
      write(agent, jar);
    }
    VirtualMachine jvm = attach(manager);
    try {
      jvm.loadAgent(jar.toString(), words);
    } catch (IOException cut) {
      // Its socket goes before it does.
      Until.isTrue(manager + " is gone, which said " + cut, () -> !Proc.isAlive(manager));
    } catch (AgentLoadException e) {
      throw new AssertionError("the agent cannot be loaded into " + manager, e);
    } finally {
      jvm.detach();
    }
  }

  private static VirtualMachine attach(long manager) throws IOException {
    try {
      return VirtualMachine.attach(Long.toString(manager));
    } catch (AttachNotSupportedException e) {
      throw new AssertionError(manager + " lets nobody in", e);
    }
  }

  private static void write(Class<?> agent, Path jar) throws IOException, URISyntaxException {
    Manifest manifest = new Manifest();
    Attributes says = manifest.getMainAttributes();
    says.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    says.putValue("Agent-Class", agent.getName());
    says.putValue("Can-Retransform-Classes", "true");
    says.put(
        Attributes.Name.CLASS_PATH,
        agent.getProtectionDomain().getCodeSource().getLocation().toURI().toString());
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }
}
