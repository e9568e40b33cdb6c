package io.hamlet.it.crash;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;

/**
 * Brings a {@link Plight} upon a manager that runs already; loaded into it by its pid. A failure to
 * do so is told to whoever loads it.
 */
public final class PlightAgent {
  private static final String REACTOR = "io.hamlet.agent.os.Reactor";
  private static final String AWAIT = "await";
  private static final ClassDesc PLIGHT = Plight.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);

  private PlightAgent() {}

  /**
   * @param name of a {@link Plight}
   */
  public static void agentmain(String name, Instrumentation jvm)
      throws UnmodifiableClassException, InterruptedException {
    Plight plight = Plight.valueOf(name);
    if (plight == Plight.DEADLOCK) {
      meetInTheCore(jvm);
    }
    plight.begin();
    if (plight == Plight.DEADLOCK) {
      // What is asked of it before would still be answered.
      Plight.awaitCore();
    }
  }

  /** From its next turn on the core thread calls {@link Plight#meet}. */
  private static void meetInTheCore(Instrumentation jvm) throws UnmodifiableClassException {
    jvm.addTransformer(new Meeting(), true);
    for (Class<?> one : jvm.getAllLoadedClasses()) {
      if (one.getName().equals(REACTOR)) {
        jvm.retransformClasses(one);
        return;
      }
    }
    throw new IllegalStateException("no manager: it has no " + REACTOR);
  }

  private static final class Meeting implements ClassFileTransformer {
    @Override
    public byte[] transform(
        ClassLoader loader, String name, Class<?> old, ProtectionDomain domain, byte[] bytes) {
      if (!REACTOR.replace('.', '/').equals(name)) {
        return null;
      }
      ClassFile files = ClassFile.of();
      ClassTransform first =
          ClassTransform.transformingMethodBodies(
              m -> m.methodName().equalsString(AWAIT), new CallFirst());
      return files.transformClass(files.parse(bytes), first);
    }
  }

  private static final class CallFirst implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      code.invokestatic(PLIGHT, "meet", NOTHING);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }
}
