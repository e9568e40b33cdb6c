package io.hamlet.it.crash;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Map;

/**
 * Puts a {@link Fate} before and after each append to the live log and each effect, while their
 * classes are loaded. A failure to do so ends the JVM: a test that kills nothing must not pass.
 */
public final class CrashAgent implements ClassFileTransformer {
  /** Class and method; the first argument of each says what is done. */
  private static final Map<String, String> PLACES =
      Map.of(
          "io/hamlet/manager/log/LogJournal", "append",
          "io/hamlet/manager/runtime/EffectRouter", "perform");

  private static final ClassDesc FATE = Fate.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc OF_OBJECT =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);

  private CrashAgent() {}

  /**
   * @param plan the file that says where to die; see {@link Fate}
   */
  public static void premain(String plan, Instrumentation jvm) throws IOException {
    Fate.read(Path.of(plan));
    jvm.addTransformer(new CrashAgent());
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> old, ProtectionDomain domain, byte[] bytes) {
    String method = name == null ? null : PLACES.get(name);
    if (method == null) {
      return null;
    }
    try {
      ClassFile files = ClassFile.of();
      ClassTransform around =
          ClassTransform.transformingMethodBodies(
              m -> m.methodName().equalsString(method), new Around());
      return files.transformClass(files.parse(bytes), around);
    } catch (RuntimeException | Error e) {
      // The JVM would go on with the class as it was.
      e.printStackTrace();
      Runtime.getRuntime().halt(99);
      return null;
    }
  }

  private static final class Around implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      call(code, "before");
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof ReturnInstruction) {
        call(code, "after");
      }
      code.with(element);
    }

    private static void call(CodeBuilder code, String when) {
      code.aload(1).invokestatic(FATE, when, OF_OBJECT);
    }
  }
}
