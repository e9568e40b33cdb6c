package io.hamlet.client.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.OperatorInstruction;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Races between calls, close, dup, recovery and interrupts, by trying schedules. */
class RacesTest {
  @Test
  void noScheduleBreaksIt() {
    modelChecking().check(Rig.class);
  }

  @Test
  void noLuckBreaksIt() {
    new StressOptions()
        .iterations(10)
        .invocationsPerIteration(2_000)
        .threads(3)
        .actorsPerThread(3)
        .check(Rig.class);
  }

  /**
   * The same search, in the same classes less one comparison, which matters to two threads only.
   */
  @Test
  void aPlantedRaceIsFound() throws Exception {
    Class<?> rig = new Planted().loadClass(Rig.class.getName());
    assertThat(rig).isNotSameAs(Rig.class);
    assertThatThrownBy(() -> modelChecking().check(rig))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("needless");
  }

  private static ModelCheckingOptions modelChecking() {
    return new ModelCheckingOptions()
        .iterations(10)
        .invocationsPerIteration(500)
        .threads(2)
        .actorsPerThread(3);
  }

  /** Loads the library anew, with a line that forgets to ask whether others have healed it. */
  private static final class Planted extends ClassLoader {
    Planted() {
      super(RacesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.hamlet.client.recovery.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        byte[] planted = name.endsWith(".Line") ? forgetful(bytes) : bytes;
        return defineClass(name, planted, 0, planted.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    private static byte[] forgetful(byte[] bytes) {
      CodeTransform neverNewer =
          (code, element) -> {
            if (element instanceof OperatorInstruction i && i.opcode() == Opcode.LCMP) {
              code.pop2().pop2().iconst_0();
            } else {
              code.with(element);
            }
          };
      ClassFile file = ClassFile.of();
      return file.transformClass(
          file.parse(bytes),
          ClassTransform.transformingMethodBodies(
              method -> method.methodName().equalsString("awaitOthers"), neverNewer));
    }
  }
}
