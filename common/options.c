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
#define O(niveau, nom, type) {#niveau, #nom, niveau, nom, type},
#define SOC(nom) {"SOL_SOCKET", #nom, SOL_SOCKET, nom, "int"},
#define TCP(nom) {"IPPROTO_TCP", #nom, IPPROTO_TCP, nom, "int"},
#define IP4(nom) {"IPPROTO_IP", #nom, IPPROTO_IP, nom, "int"},
    SOC(SO_ACCEPTCONN) O(SOL_SOCKET, SO_BINDTODEVICE, "char[]") SOC(SO_BROADCAST) SOC(SO_BSDCOMPAT)
    SOC(SO_BUSY_POLL) SOC(SO_DEBUG) SOC(SO_DOMAIN) SOC(SO_DONTROUTE) SOC(SO_ERROR) SOC(SO_KEEPALIVE)
    O(SOL_SOCKET, SO_LINGER, "linger") SOC(SO_MARK) SOC(SO_OOBINLINE) SOC(SO_PASSCRED)
    SOC(SO_PEEK_OFF) O(SOL_SOCKET, SO_PEERCRED, "ucred") SOC(SO_PRIORITY) SOC(SO_PROTOCOL)
    SOC(SO_RCVBUF) SOC(SO_RCVBUFFORCE) SOC(SO_RCVLOWAT) O(SOL_SOCKET, SO_RCVTIMEO, "timeval")
    SOC(SO_REUSEADDR) SOC(SO_REUSEPORT) SOC(SO_RXQ_OVFL) SOC(SO_SNDBUF) SOC(SO_SNDBUFFORCE)
    SOC(SO_SNDLOWAT) O(SOL_SOCKET, SO_SNDTIMEO, "timeval") SOC(SO_TIMESTAMP) SOC(SO_TYPE)
    TCP(TCP_CORK) TCP(TCP_KEEPCNT) TCP(TCP_KEEPIDLE) TCP(TCP_KEEPINTVL) TCP(TCP_NODELAY)
    TCP(TCP_QUICKACK) TCP(TCP_SYNCNT) TCP(TCP_USER_TIMEOUT) IP4(IP_PKTINFO) IP4(IP_RECVERR) IP4(IP_TOS)
    O(IPPROTO_IPV6, IPV6_V6ONLY, "int")
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
