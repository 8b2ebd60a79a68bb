/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* SO_DOMAIN, TCP_USER_TIMEOUT, IP_PKTINFO… : absents de POSIX */
#include "options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

const struct option_socket options_socket[] = {
/* clang-format off */
#define OPTION(niveau, nom, type) {#niveau, #nom, niveau, nom, type},
    OPTION(SOL_SOCKET, SO_ACCEPTCONN, "int")
    OPTION(SOL_SOCKET, SO_BINDTODEVICE, "char[]")
    OPTION(SOL_SOCKET, SO_BROADCAST, "int")
    OPTION(SOL_SOCKET, SO_BSDCOMPAT, "int")
    OPTION(SOL_SOCKET, SO_BUSY_POLL, "int")
    OPTION(SOL_SOCKET, SO_DEBUG, "int")
    OPTION(SOL_SOCKET, SO_DOMAIN, "int")
    OPTION(SOL_SOCKET, SO_DONTROUTE, "int")
    OPTION(SOL_SOCKET, SO_ERROR, "int")
    OPTION(SOL_SOCKET, SO_KEEPALIVE, "int")
    OPTION(SOL_SOCKET, SO_LINGER, "linger")
    OPTION(SOL_SOCKET, SO_MARK, "int")
    OPTION(SOL_SOCKET, SO_OOBINLINE, "int")
    OPTION(SOL_SOCKET, SO_PASSCRED, "int")
    OPTION(SOL_SOCKET, SO_PEEK_OFF, "int")
    OPTION(SOL_SOCKET, SO_PEERCRED, "ucred")
    OPTION(SOL_SOCKET, SO_PRIORITY, "int")
    OPTION(SOL_SOCKET, SO_PROTOCOL, "int")
    OPTION(SOL_SOCKET, SO_RCVBUF, "int")
    OPTION(SOL_SOCKET, SO_RCVBUFFORCE, "int")
    OPTION(SOL_SOCKET, SO_RCVLOWAT, "int")
    OPTION(SOL_SOCKET, SO_RCVTIMEO, "timeval")
    OPTION(SOL_SOCKET, SO_REUSEADDR, "int")
    OPTION(SOL_SOCKET, SO_REUSEPORT, "int")
    OPTION(SOL_SOCKET, SO_RXQ_OVFL, "int")
    OPTION(SOL_SOCKET, SO_SNDBUF, "int")
    OPTION(SOL_SOCKET, SO_SNDBUFFORCE, "int")
    OPTION(SOL_SOCKET, SO_SNDLOWAT, "int")
    OPTION(SOL_SOCKET, SO_SNDTIMEO, "timeval")
    OPTION(SOL_SOCKET, SO_TIMESTAMP, "int")
    OPTION(SOL_SOCKET, SO_TYPE, "int")
    OPTION(IPPROTO_TCP, TCP_KEEPCNT, "int")
    OPTION(IPPROTO_TCP, TCP_KEEPIDLE, "int")
    OPTION(IPPROTO_TCP, TCP_KEEPINTVL, "int")
    OPTION(IPPROTO_TCP, TCP_NODELAY, "int")
    OPTION(IPPROTO_TCP, TCP_SYNCNT, "int")
    OPTION(IPPROTO_TCP, TCP_USER_TIMEOUT, "int")
    OPTION(IPPROTO_IP, IP_PKTINFO, "int")
    OPTION(IPPROTO_IP, IP_RECVERR, "int")
    OPTION(IPPROTO_IP, IP_TOS, "int")
    OPTION(IPPROTO_IPV6, IPV6_V6ONLY, "int")
    {NULL, NULL, 0, 0, NULL},
    /* clang-format on */
};

const struct option_socket *option_nommee(const char *texte)
{
    size_t longueur = strcspn(texte, "=");
    for (const struct option_socket *o = options_socket; o->nom; o++)
        if (strlen(o->nom) == longueur && strncmp(o->nom, texte, longueur) == 0)
            return o;
    return NULL;
}
