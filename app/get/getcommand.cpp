// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/getcommand.h"

#include "app/get/getrun.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::get {

namespace {

using config::ParsedCommand;

constexpr std::size_t kMostSecret = 4096;
constexpr std::size_t kMostListed = 1'000'000;

tl::unexpected<Error> wrong(std::string message)
{
    return fail(ErrorCode::InvalidArgument, std::move(message));
}

/// The first line of a stream, without its end.
std::string firstLine(std::istream& from)
{
    std::string line;
    std::getline(from, line);
    if (line.ends_with('\r'))
        line.pop_back();
    return line.size() <= kMostSecret ? line : std::string();
}

Result<std::string> tokenOf(const ParsedCommand& command)
{
    const std::string given = command.value("--token");
    if (!given.starts_with('@'))
        return given;
    std::ifstream file(given.substr(1));
    std::string token = firstLine(file);
    if (token.empty())
        return wrong("--token: there is no token in the file " + given.substr(1));
    return token;
}

void hideToken(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) {
        char* secret = nullptr;
        if (std::strncmp(argv[i], "--token=", 8) == 0)
            secret = argv[i] + 8;
        else if (std::strcmp(argv[i], "--token") == 0 && i + 1 < argc)
            secret = argv[++i];
        if (secret)
            std::memset(secret, '*', std::strlen(secret));
    }
}

Result<void> takeList(std::istream& from, const std::string& name, std::vector<std::string>& urls)
{
    for (std::string line; std::getline(from, line);) {
        const auto first = line.find_first_not_of(" \t");
        const auto last = line.find_last_not_of(" \t\r");
        if (first == std::string::npos || last == std::string::npos || line[first] == '#')
            continue;
        urls.push_back(line.substr(first, last - first + 1));
        if (urls.size() > kMostListed)
            return wrong(name + " has more than " + std::to_string(kMostListed) + " lines");
    }
    if (from.bad())
        return wrong("cannot read " + name);
    return {};
}

Result<std::vector<Url>> urlsOf(const ParsedCommand& command)
{
    std::vector<std::string> texts = command.arguments;
    if (command.has("--input")) {
        const std::string name = command.value("--input");
        std::ifstream file;
        if (name != "-") {
            file.open(name);
            if (!file)
                return wrong("cannot read the list " + name);
        }
        if (auto taken =
                takeList(name == "-" ? std::cin : file, name == "-" ? "standard input" : name, texts);
            !taken)
            return fail(taken.error());
    }
    if (texts.empty() && !command.has("--input"))
        return wrong("spillway get needs a URL, or a list of them with -i");
    std::vector<Url> urls;
    for (const std::string& text : texts) {
        auto url = parseUrl(text);
        if (!url)
            return fail(url.error());
        urls.push_back(std::move(*url));
    }
    return urls;
}

Result<void> checkOutput(const ParsedCommand& command, std::size_t urls)
{
    if (!command.has("--output"))
        return {};
    const std::string output = command.value("--output");
    struct stat there
    {
    };
    if (urls != 1 || command.has("--recursive") || command.has("--input"))
        return wrong("-o names one file, for one URL; --directory says where several go");
    if (output == "-")
        return wrong("-o: it writes parts of a file out of order, so it cannot write to a pipe; curl can");
    if (output.ends_with('/') || (::stat(output.c_str(), &there) == 0 && S_ISDIR(there.st_mode)))
        return wrong("-o: " + output + " is a folder; --directory takes one");
    return {};
}

/// What parseCommandLine has checked; unset where the option was not given.
template<class T, class Parse>
void take(const ParsedCommand& command, std::string_view option, Parse parse, T& to)
{
    if (command.has(option))
        if (const auto value = parse(command.value(option)))
            to = *value;
}

Result<std::uint64_t> parseCount(const std::string& text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return wrong("\"" + text + "\" is not a number");
    return value;
}

Result<RunOptions> optionsOf(const ParsedCommand& command)
{
    RunOptions options;
    TransferOptions& transfer = options.transfer;
    std::uint64_t connections = transfer.connections, tries = transfer.retry.tries;
    Bytes segment{};
    take(command, "--jobs", parseCount, connections);
    take(command, "--tries", parseCount, tries);
    take(command, "--segment-size", parseBytes, segment);
    take(command, "--limit-rate", parseRate, options.http.limit);
    take(command, "--timeout", parseDuration, transfer.stallTimeout);
    take(command, "--max-wait", parseDuration, transfer.retry.patience);
    if (connections < 1 || connections > kMostConnections)
        return wrong("-j: from 1 to " + std::to_string(kMostConnections) + " connections");
    if (tries < 1 || tries > 1'000'000)
        return wrong("--tries: from 1 to 1000000");
    if (command.has("--segment-size") && segment < 64_KiB)
        return wrong("--segment-size: 64KiB or more");
    if (transfer.stallTimeout < std::chrono::seconds(1))
        return wrong("--timeout: 1s or more");
    if (command.has("--token") && command.has("--password-stdin"))
        return wrong("--token and --password-stdin: one of them");
    if (command.has("--password-stdin") && command.value("--input") == "-")
        return wrong("-i - and --password-stdin: standard input can be only one of them");
    transfer.answerTimeout = std::max(transfer.answerTimeout, transfer.stallTimeout);
    transfer.connections = static_cast<unsigned>(connections);
    transfer.retry.tries = static_cast<unsigned>(tries);
    transfer.fixedSegments = static_cast<std::uint64_t>(segment.count);
    transfer.replace = command.has("--overwrite");
    options.http.caFile = command.value("--ca-file");
    options.http.keptConnections = transfer.connections + 4;
    options.recursive = command.has("--recursive");
    options.directory = command.value("--directory");
    options.output = command.value("--output");
    options.manner = command.has("--json")          ? Report::Manner::Json
                     : ::isatty(STDERR_FILENO) != 0 ? Report::Manner::Terminal
                                                    : Report::Manner::Quiet;
    return options;
}

volatile std::sig_atomic_t stopSignal = 0;

void onSignal(int number)
{
    stopSignal = number;
}

void takeSignals()
{
    struct sigaction action
    {
    };
    action.sa_handler = &onSignal;
    action.sa_flags = static_cast<int>(SA_RESETHAND); // a second one ends at once
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    action.sa_handler = SIG_IGN;
    action.sa_flags = 0;
    ::sigaction(SIGPIPE, &action, nullptr);
}

int wrongUsage(const Error& error)
{
    std::fprintf(stderr, "spillway: %s\n", shownText(error.message).c_str());
    return 2;
}

} // namespace

int runGet(const ParsedCommand& command, int argc, char** argv)
{
    for (const char* option : {"--config", "--data", "--set"})
        if (command.has(option))
            return wrongUsage(
                Error{ErrorCode::InvalidArgument,
                      std::string(option) + ": spillway get needs no server and reads no settings"});
    auto token = tokenOf(command);
    hideToken(argc, argv);
    if (!token)
        return wrongUsage(token.error());
    auto options = optionsOf(command);
    if (!options)
        return wrongUsage(options.error());
    options->transfer.token = std::move(*token);
    if (command.has("--password-stdin")) {
        options->transfer.password = firstLine(std::cin);
        options->transfer.hasPassword = true;
    }
    auto urls = urlsOf(command);
    if (!urls)
        return wrongUsage(urls.error());
    if (auto checked = checkOutput(command, urls->size()); !checked)
        return wrongUsage(checked.error());
    takeSignals();
    const SystemClock clock;
    GetRun run(std::move(*options), clock, stopSignal);
    return run.run(std::move(*urls));
}

} // namespace spillway::get
