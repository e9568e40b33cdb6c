package io.hamlet.agent.activity;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Logging of the manager's own code to standard error. In code, because reading XML would be a good
 * part of the time a manager takes to start.
 */
public final class ServerLog extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    PatternLayoutEncoder line = new PatternLayoutEncoder();
    line.setContext(loggers);
    line.setPattern("%date{HH:mm:ss.SSS} %-5level %logger{20}: %message%n");
    line.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(loggers);
    console.setTarget("System.err");
    console.setEncoder(line);
    console.start();
    loggers.getLogger("ROOT").setLevel(Level.WARN);
    loggers.getLogger("io.hamlet").setLevel(Level.INFO);
    // It warns of every stranger and every delay; what matters of that is told by ham status.
    loggers.getLogger("org.jgroups").setLevel(Level.ERROR);
    // It warns of each message to a voter that is away.
    loggers.getLogger("org.apache.ratis").setLevel(Level.ERROR);
    loggers.getLogger("ROOT").addAppender(console);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
