package io.hamlet.agent.config;

import java.nio.file.Path;

/**
 * Who this node is to others, and whom it believes. All PEM.
 *
 * @param cert its certificate, and those between it and the authority
 * @param key its private key (PKCS #8)
 * @param ca the authority that signed the certificates of everybody who may speak with it
 */
public record Tls(Path cert, Path key, Path ca) {}
