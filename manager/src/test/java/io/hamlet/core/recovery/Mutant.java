package io.hamlet.core.recovery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Core, manager and their tests, loaded anew, with one class compiled from other source. */
final class Mutant extends ClassLoader {
  private static final List<String> ANEW = List.of("io.hamlet.core.", "io.hamlet.manager.");

  private final Map<String, byte[]> compiled = new HashMap<>();

  /**
   * @param className whose source is replaced; null for all as it is
   */
  Mutant(String className, String source) {
    super(Mutant.class.getClassLoader());
    if (className != null) {
      compile(className, source);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (ANEW.stream().noneMatch(name::startsWith)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] bytes = bytes(name);
        loaded = defineClass(name, bytes, 0, bytes.length);
      }
      return loaded;
    }
  }

  private byte[] bytes(String name) throws ClassNotFoundException {
    if (compiled.containsKey(name)) {
      return compiled.get(name);
    }
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private void compile(String className, String source) {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    JavaFileObject file =
        new SimpleJavaFileObject(
            URI.create("mutant:/" + className.replace('.', '/') + ".java"),
            JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    boolean good =
        javac
            .getTask(
                new PrintWriter(complaints, true),
                new Memory(javac.getStandardFileManager(null, null, null)),
                null,
                List.of("-proc:none"),
                null,
                List.of(file))
            .call();
    if (!good) {
      throw new AssertionError("the mutant does not compile: " + complaints);
    }
  }

  /** Keeps what is compiled. */
  private final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    Memory(JavaFileManager manager) {
      super(manager);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mutant:/" + className + ".class"), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new ByteArrayOutputStream() {
            @Override
            public void close() {
              compiled.put(className, toByteArray());
            }
          };
        }
      };
    }
  }
}
