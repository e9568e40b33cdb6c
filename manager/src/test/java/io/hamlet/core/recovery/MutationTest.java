package io.hamlet.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The tests of the rules bite: each of some hand-made mistakes is seen by its test. */
class MutationTest {
  @TestFactory
  Stream<DynamicTest> everyMistakeIsSeen() throws IOException {
    return Mutation.all().stream()
        .map(
            mutation ->
                DynamicTest.dynamicTest(
                    mutation.toString(),
                    () -> {
                      Method rule = mutation.test();
                      assertThatCode(() -> run(rule, new Mutant(null, null)))
                          .as("holds without the mistake")
                          .doesNotThrowAnyException();
                      Mutant mutant = new Mutant(mutation.className(), mutation.source());
                      Throwable seen = catchThrowable(() -> run(rule, mutant));
                      assertThat(seen)
                          .as("%s", mutation)
                          .isNotNull()
                          .isNotInstanceOf(LinkageError.class)
                          .isNotInstanceOf(ReflectiveOperationException.class);
                    }));
  }

  @Test
  void thereAreTwentyOrMore() throws IOException {
    assertThat(Mutation.all()).hasSizeGreaterThanOrEqualTo(20);
  }

  /** Runs the test of one rule in that class loader, as JUnit would. */
  private static void run(Method rule, ClassLoader loader) throws Throwable {
    Class<?> spec = Class.forName(rule.getDeclaringClass().getName(), true, loader);
    Constructor<?> constructor = spec.getDeclaredConstructor();
    constructor.setAccessible(true);
    try {
      Object test = constructor.newInstance();
      for (Method before : marked(spec, BeforeEach.class)) {
        before.invoke(test);
      }
      Method method = spec.getDeclaredMethod(rule.getName());
      method.setAccessible(true);
      method.invoke(test);
      for (Method after : marked(spec, AfterEach.class)) {
        after.invoke(test);
      }
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private static List<Method> marked(Class<?> spec, Class<? extends Annotation> mark) {
    List<Method> methods = new ArrayList<>();
    for (Class<?> c = spec; c != Object.class; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        if (method.isAnnotationPresent(mark)) {
          method.setAccessible(true);
          methods.add(method);
        }
      }
    }
    return methods;
  }
}
