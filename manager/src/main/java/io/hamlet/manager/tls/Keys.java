package io.hamlet.manager.tls;

import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * What was made of the files at one time. Immutable.
 *
 * @param generation counts how often they were read
 * @param own certificate and key of this manager
 * @param authority believes whom the authority has signed
 */
public record Keys(int generation, X509ExtendedKeyManager own, X509TrustManager authority) {}
