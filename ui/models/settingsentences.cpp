// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/settingtext.h"

#include <QtCore/QCoreApplication>
#include <algorithm>
#include <array>

// The sentences of server/config/settingstable.h, for lupdate. The window gets them from the server, in
// English; a test (tests/ui/models/tst_settingtext.cpp) holds this list against the table.
namespace spillway::ui {

namespace {

// clang-format off
constexpr std::array kSentences{
    QT_TRANSLATE_NOOP("SettingsTable", "Addresses and ports of the public listener; port 0 lets the system choose."),
    QT_TRANSLATE_NOOP("SettingsTable", "Addresses and ports of the admin API, health and metrics."),
    QT_TRANSLATE_NOOP("SettingsTable", "Where the admin API speaks HTTPS: at addresses that other machines can reach, or on loopback too."),
    QT_TRANSLATE_NOOP("SettingsTable", "A PEM file with the admin API's certificate and its chain; consoles pin its fingerprint."),
    QT_TRANSLATE_NOOP("SettingsTable", "one that vouches for itself, made in the data folder"),
    QT_TRANSLATE_NOOP("SettingsTable", "The PEM file with the key of admin.certificate."),
    QT_TRANSLATE_NOOP("SettingsTable", "that of the certificate that vouches for itself"),
    QT_TRANSLATE_NOOP("SettingsTable", "the best address of this machine in its network"),
    QT_TRANSLATE_NOOP("SettingsTable", "The address that printed URLs begin with, with a sub-path where a proxy has one."),
    QT_TRANSLATE_NOOP("SettingsTable", "Share the public ports with other Spillway processes of this machine and user that have it set too."),
    QT_TRANSLATE_NOOP("SettingsTable", "one per processor core"),
    QT_TRANSLATE_NOOP("SettingsTable", "Threads that serve connections."),
    QT_TRANSLATE_NOOP("SettingsTable", "A request head must be complete this long after its first byte."),
    QT_TRANSLATE_NOOP("SettingsTable", "A connection without a request is closed after this long."),
    QT_TRANSLATE_NOOP("SettingsTable", "A download whose reader takes no byte for this long is ended."),
    QT_TRANSLATE_NOOP("SettingsTable", "no minimum"),
    QT_TRANSLATE_NOOP("SettingsTable", "A download slower than this, seen over the grace time, is ended."),
    QT_TRANSLATE_NOOP("SettingsTable", "The time over which the minimum rate is measured."),
    QT_TRANSLATE_NOOP("SettingsTable", "The largest request head; a larger one is answered 431."),
    QT_TRANSLATE_NOOP("SettingsTable", "The longest request target; a longer one is answered 414."),
    QT_TRANSLATE_NOOP("SettingsTable", "The most header fields of a request; more are answered 431."),
    QT_TRANSLATE_NOOP("SettingsTable", "as many as the limit of open files allows"),
    QT_TRANSLATE_NOOP("SettingsTable", "The most connections at a time; a further one is answered 503. Never more than the limit of open files has room for."),
    QT_TRANSLATE_NOOP("SettingsTable", "The most bytes of further requests kept while an answer goes out."),
    QT_TRANSLATE_NOOP("SettingsTable", "no limit"),
    QT_TRANSLATE_NOOP("SettingsTable", "A connection is closed after this many requests."),
    QT_TRANSLATE_NOOP("SettingsTable", "no file is kept in memory"),
    QT_TRANSLATE_NOOP("SettingsTable", "Memory for the bytes of small files that are asked for often."),
    QT_TRANSLATE_NOOP("SettingsTable", "The largest file that is kept in memory."),
    QT_TRANSLATE_NOOP("SettingsTable", "Open files kept by each worker; each takes a descriptor."),
    QT_TRANSLATE_NOOP("SettingsTable", "at every request"),
    QT_TRANSLATE_NOOP("SettingsTable", "A file kept open is compared with the disk when this long has passed."),
    QT_TRANSLATE_NOOP("SettingsTable", "Threads that read from the disk what is not in memory yet."),
    QT_TRANSLATE_NOOP("SettingsTable", "The most disk reads that wait for such a thread."),
    QT_TRANSLATE_NOOP("SettingsTable", "How much is read ahead of downloads from a cold disk, over all of them."),
    QT_TRANSLATE_NOOP("SettingsTable", "How much is read from the disk at a time."),
    QT_TRANSLATE_NOOP("SettingsTable", "Threads that read folders and compute checksums for their archives."),
    QT_TRANSLATE_NOOP("SettingsTable", "Memory for what archives consist of, over all of them: about 100 bytes a file."),
    QT_TRANSLATE_NOOP("SettingsTable", "How long a request waits until its folder is read, or the checksums that its range needs are there; then it is answered 503."),
    QT_TRANSLATE_NOOP("SettingsTable", "Threads that compute a file's SHA-256 where a client asks for it and the index has none."),
    QT_TRANSLATE_NOOP("SettingsTable", "only what the index knows"),
    QT_TRANSLATE_NOOP("SettingsTable", "The largest file whose SHA-256 is computed for a request."),
    QT_TRANSLATE_NOOP("SettingsTable", "not at all"),
    QT_TRANSLATE_NOOP("SettingsTable", "How long an answer waits for the digest that Want-Repr-Digest asks for, before it goes out without one."),
    QT_TRANSLATE_NOOP("SettingsTable", "How long a catalog row is used from memory before it is read again."),
    QT_TRANSLATE_NOOP("SettingsTable", "The most catalog rows kept in memory."),
    QT_TRANSLATE_NOOP("SettingsTable", "How long it is remembered that something is not in the catalog."),
    QT_TRANSLATE_NOOP("SettingsTable", "none"),
    QT_TRANSLATE_NOOP("SettingsTable", "The most such absences kept in memory."),
    QT_TRANSLATE_NOOP("SettingsTable", "Scan the shares in the background, for search and checksums."),
    QT_TRANSLATE_NOOP("SettingsTable", "Compute CRC-32 and SHA-256 of the files found."),
    QT_TRANSLATE_NOOP("SettingsTable", "none but empty files"),
    QT_TRANSLATE_NOOP("SettingsTable", "Larger files get no checksum."),
    QT_TRANSLATE_NOOP("SettingsTable", "How fast files are read for checksums."),
    QT_TRANSLATE_NOOP("SettingsTable", "How often folders are scanned again where the system does not report changes."),
    QT_TRANSLATE_NOOP("SettingsTable", "links do not expire"),
    QT_TRANSLATE_NOOP("SettingsTable", "How long a new link is good when nothing else is said."),
    QT_TRANSLATE_NOOP("SettingsTable", "A recipient of a link counts anew after this long without activity."),
    QT_TRANSLATE_NOOP("SettingsTable", "A recipient counts anew when this long has passed since all bytes arrived."),
    QT_TRANSLATE_NOOP("SettingsTable", "consoles elsewhere share nothing new"),
    QT_TRANSLATE_NOOP("SettingsTable", "Folders that consoles elsewhere and API tokens may look into and share from; changed on the server's own machine only."),
    QT_TRANSLATE_NOOP("SettingsTable", "caches ask every time"),
    QT_TRANSLATE_NOOP("SettingsTable", "How long caches may keep a file of a new public share (Cache-Control: max-age)."),
    QT_TRANSLATE_NOOP("SettingsTable", "How long a browser stays signed in to a private share, or past a link's password."),
    QT_TRANSLATE_NOOP("SettingsTable", "Threads that check link passwords; each takes 64 MiB while it works."),
    QT_TRANSLATE_NOOP("SettingsTable", "The most password checks that wait for such a thread; a further one is answered 503."),
    QT_TRANSLATE_NOOP("SettingsTable", "nobody is banned by rule"),
    QT_TRANSLATE_NOOP("SettingsTable", "Different wrong tokens, passwords and signatures after which an address is banned."),
    QT_TRANSLATE_NOOP("SettingsTable", "The time over which they are counted."),
    QT_TRANSLATE_NOOP("SettingsTable", "How long the first ban lasts; each further one lasts twice as long."),
    QT_TRANSLATE_NOOP("SettingsTable", "The longest ban by rule."),
    QT_TRANSLATE_NOOP("SettingsTable", "only loopback is never banned"),
    QT_TRANSLATE_NOOP("SettingsTable", "Address blocks that are never banned by rule."),
    QT_TRANSLATE_NOOP("SettingsTable", "no proxy is believed"),
    QT_TRANSLATE_NOOP("SettingsTable", "Proxies whose Forwarded, X-Forwarded-For and X-Forwarded-Proto fields are believed."),
    QT_TRANSLATE_NOOP("SettingsTable", "Trusted proxies begin each connection with the PROXY protocol, version 1 or 2."),
    QT_TRANSLATE_NOOP("SettingsTable", "Addresses whose limits and failures are kept in mind at a time; the busy ones stay."),
    QT_TRANSLATE_NOOP("SettingsTable", "no HTTPS"),
    QT_TRANSLATE_NOOP("SettingsTable", "Addresses and ports for HTTPS."),
    QT_TRANSLATE_NOOP("SettingsTable", "tls/certificate.pem in the data folder"),
    QT_TRANSLATE_NOOP("SettingsTable", "PEM files with a certificate and its chain each, separated by commas; the name that a client asks for chooses."),
    QT_TRANSLATE_NOOP("SettingsTable", "tls/key.pem in the data folder"),
    QT_TRANSLATE_NOOP("SettingsTable", "PEM files with the certificates' keys, in the same order."),
    QT_TRANSLATE_NOOP("SettingsTable", "The oldest TLS version that is spoken."),
    QT_TRANSLATE_NOOP("SettingsTable", "A TLS handshake must be complete this long after the connection came in."),
    QT_TRANSLATE_NOOP("SettingsTable", "The most unfinished handshakes at a time; over it the oldest is dropped."),
    QT_TRANSLATE_NOOP("SettingsTable", "What plain HTTP gets while HTTPS is on: the same as HTTPS, a redirect to it, or 403."),
    QT_TRANSLATE_NOOP("SettingsTable", "no such field"),
    QT_TRANSLATE_NOOP("SettingsTable", "Strict-Transport-Security on HTTPS answers, for this long."),
    QT_TRANSLATE_NOOP("SettingsTable", "acme in the data folder"),
    QT_TRANSLATE_NOOP("SettingsTable", "The folder whose .well-known/acme-challenge an ACME client writes to; changed on the server's own machine only."),
    QT_TRANSLATE_NOOP("SettingsTable", "Turn off what is costly when the machine is too busy."),
    QT_TRANSLATE_NOOP("SettingsTable", "Percent of the workers' processor time from which on the server counts as overloaded."),
    QT_TRANSLATE_NOOP("SettingsTable", "Percent of the memory that the process may have."),
    QT_TRANSLATE_NOOP("SettingsTable", "Percent of the open files that the process may have."),
    QT_TRANSLATE_NOOP("SettingsTable", "The waiting time of queued downloads from which on the server counts as overloaded."),
    QT_TRANSLATE_NOOP("SettingsTable", "the disk is not watched"),
    QT_TRANSLATE_NOOP("SettingsTable", "With less room than this in the data folder's file system, the catalog is read-only."),
    QT_TRANSLATE_NOOP("SettingsTable", "What the server says about itself."),
    QT_TRANSLATE_NOOP("SettingsTable", "The form of the access log: none, Apache's combined lines, or one JSON object a line."),
    QT_TRANSLATE_NOOP("SettingsTable", "access.log in the data folder"),
    QT_TRANSLATE_NOOP("SettingsTable", "The file of the access log; it is opened again on SIGUSR1. Changed on the server's own machine only."),
    QT_TRANSLATE_NOOP("SettingsTable", "The most log lines that wait for the disk; further ones are dropped and counted."),
    QT_TRANSLATE_NOOP("SettingsTable", "it is one file, however long"),
    QT_TRANSLATE_NOOP("SettingsTable", "When the audit log's file is as large as this, it is put aside and a new one goes on; changed on the server's own machine only."),
    QT_TRANSLATE_NOOP("SettingsTable", "all of them"),
    QT_TRANSLATE_NOOP("SettingsTable", "How many of the audit log's files that were put aside are kept; older ones are deleted. Changed on the server's own machine only."),
    QT_TRANSLATE_NOOP("SettingsTable", "only the token opens it"),
    QT_TRANSLATE_NOOP("SettingsTable", "Address blocks that may read /metrics without a token."),
    QT_TRANSLATE_NOOP("SettingsTable", "there is no token"),
    QT_TRANSLATE_NOOP("SettingsTable", "A bearer token that may read /metrics from any address."),
    QT_TRANSLATE_NOOP("SettingsTable", "running downloads are cut at once"),
    QT_TRANSLATE_NOOP("SettingsTable", "How long running downloads may go on after SIGTERM."),
};
// clang-format on

} // namespace

QString settingSentence(const QString& english)
{
    return QCoreApplication::translate("SettingsTable", english.toUtf8().constData());
}

bool isKnownSentence(const QString& english)
{
    return std::any_of(kSentences.begin(), kSentences.end(),
                       [&english](const char* known) { return english == QLatin1String(known); });
}

} // namespace spillway::ui
