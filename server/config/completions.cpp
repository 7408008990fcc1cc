// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/completions.h"

#include "server/config/cli.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

namespace spillway::config {

namespace {

enum class Offer : std::uint8_t
{
    Nothing,
    Files,
    Folders
};

/// What stands where `placeholder` is asked for: "FILE", "DIR", "NAME PATH".
Offer offerFor(std::string_view placeholder)
{
    if (placeholder == "DIR")
        return Offer::Folders;
    const bool files = placeholder.find("FILE") != std::string_view::npos || placeholder == "NAME PATH";
    return files ? Offer::Files : Offer::Nothing;
}

/// The words of "high|normal|low|none" or "DURATION|never" that are meant literally.
std::vector<std::string> literals(std::string_view placeholder)
{
    std::vector<std::string> words;
    while (!placeholder.empty()) {
        const std::string_view word = placeholder.substr(0, placeholder.find('|'));
        placeholder.remove_prefix(std::min(word.size() + 1, placeholder.size()));
        if (!word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return std::islower(c); }))
            words.emplace_back(word);
    }
    return words;
}

std::string joined(const std::vector<std::string>& words, std::string_view between = " ")
{
    std::string all;
    for (const std::string& word : words)
        all += (all.empty() ? "" : std::string(between)) + word;
    return all;
}

std::string firstWord(std::string_view words)
{
    return std::string(words.substr(0, words.find(' ')));
}

std::string secondWord(std::string_view words)
{
    const auto blank = words.find(' ');
    return blank == std::string_view::npos ? std::string() : std::string(words.substr(blank + 1));
}

std::vector<OptionSpec> allOptions(const CommandSpec& command)
{
    std::vector<OptionSpec> options = command.options;
    options.insert(options.end(), commonOptions().begin(), commonOptions().end());
    return options;
}

/// The commands' first words, each once, in the table's order.
std::vector<std::string> topWords()
{
    std::vector<std::string> words;
    for (const CommandSpec& command : commands()) {
        const std::string word = firstWord(command.words);
        if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end())
            words.push_back(word);
    }
    return words;
}

std::vector<std::string> wordsBelow(std::string_view top)
{
    std::vector<std::string> words;
    for (const CommandSpec& command : commands())
        if (firstWord(command.words) == top && !secondWord(command.words).empty())
            words.push_back(secondWord(command.words));
    return words;
}

std::string topHelp(std::string_view top)
{
    if (const CommandSpec* command = findCommand(top))
        return std::string(command->help);
    return joined(wordsBelow(top), ", ");
}

/// Options that are followed by a value, in any command: a word after one of them is no command.
std::set<std::string> valueOptions()
{
    std::set<std::string> names;
    for (const CommandSpec& command : commands())
        for (const OptionSpec& option : allOptions(command))
            if (option.kind != ValueKind::None) {
                names.emplace(option.name);
                if (option.letter != 0)
                    names.insert({'-', option.letter});
            }
    return names;
}

std::string patterns(const std::set<std::string>& names)
{
    return joined({names.begin(), names.end()}, "|");
}

/// Inside '…' of a shell.
std::string shellQuoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

// bash

std::string bashValues()
{
    std::set<std::string> files, folders, seen;
    std::string out;
    for (const CommandSpec& command : commands())
        for (const OptionSpec& option : allOptions(command)) {
            if (option.kind == ValueKind::None || !seen.emplace(option.name).second)
                continue;
            std::set<std::string> names{std::string(option.name)};
            if (option.letter != 0)
                names.insert({'-', option.letter});
            const Offer offer = offerFor(option.valueName);
            if (offer != Offer::Nothing)
                (offer == Offer::Files ? files : folders).merge(names);
            else
                out += "    " + patterns(names) + ") COMPREPLY=($(compgen -W '" +
                       joined(literals(option.valueName)) + "' -- \"$cur\")); return ;;\n";
        }
    return "    case $prev in\n    " + patterns(files) +
           ") compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n    " +
           patterns(folders) + ") compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n" +
           out + "    esac\n";
}

std::string bashCommands()
{
    std::string out = "    case $first/$second in\n";
    for (const CommandSpec& command : commands()) {
        std::vector<std::string> names;
        for (const OptionSpec& option : allOptions(command))
            names.emplace_back(option.name);
        const std::string second = secondWord(command.words);
        const std::string pattern =
            command.words.empty() ? "/" : firstWord(command.words) + "/" + (second.empty() ? "*" : second);
        out += "    " + pattern + ") options='" + joined(names) + "'";
        if (offerFor(command.arguments) == Offer::Files)
            out += " files=yes";
        out += " ;;\n";
    }
    return out + "    esac\n";
}

std::string bashScript()
{
    std::string groups;
    for (const std::string& top : topWords())
        if (const auto below = wordsBelow(top); !below.empty())
            groups += "        " + top + ") words='" + joined(below) + "' ;;\n";
    return "# bash completion for spillway, printed by: spillway help --completion bash\n"
           "_spillway()\n{\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local first='' second='' options='' words='' files='' skip='' word\n"
           "    [ \"$cur\" != = ] || cur=''\n"
           "    [ \"$prev\" != = ] || prev=${COMP_WORDS[COMP_CWORD-2]}\n"
           "    COMPREPLY=()\n" +
           bashValues() +
           "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
           "        [ \"$word\" != = ] || { skip=yes; continue; }\n"
           "        [ -z \"$skip\" ] || { skip=''; continue; }\n"
           "        case $word in\n"
           "        " +
           patterns(valueOptions()) +
           ") skip=yes ;;\n"
           "        -*) ;;\n"
           "        *) if [ -z \"$first\" ]; then first=$word; elif [ -z \"$second\" ]; then second=$word; "
           "fi ;;\n"
           "        esac\n"
           "    done\n" +
           bashCommands() +
           "    if [ -z \"$first\" ]; then\n"
           "        words='" +
           joined(topWords()) +
           "'\n"
           "    elif [ -z \"$second\" ]; then\n"
           "        case $first in\n" +
           groups +
           "        esac\n"
           "    fi\n"
           "    case $cur in\n"
           "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n"
           "    *) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
           "        [ -z \"$files\" ] || { compopt -o filenames; COMPREPLY+=($(compgen -f -- \"$cur\")); } "
           ";;\n"
           "    esac\n"
           "}\n"
           "complete -F _spillway spillway\n";
}

// zsh

/// In an _arguments spec: brackets and colons have a meaning there.
std::string zshText(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

std::string zshAction(std::string_view placeholder)
{
    switch (offerFor(placeholder)) {
    case Offer::Files:
        return "_files";
    case Offer::Folders:
        return "_files -/";
    case Offer::Nothing:
        break;
    }
    const auto words = literals(placeholder);
    return words.empty() ? " " : "(" + joined(words) + ")";
}

std::string zshOptions(const CommandSpec& command)
{
    std::string out;
    for (const OptionSpec& option : allOptions(command)) {
        std::vector<std::string> names{std::string(option.name)};
        if (option.letter != 0)
            names.push_back({'-', option.letter});
        for (const std::string& name : names) {
            std::string spec = option.repeatable ? "*" : "";
            spec += name + "[" + zshText(option.help) + "]";
            if (option.kind != ValueKind::None)
                spec += ":" + zshText(option.valueName) + ":" + zshAction(option.valueName);
            out += " \\\n            " + shellQuoted(spec);
        }
    }
    return out;
}

std::string zshScript()
{
    const auto describe = [](const std::vector<std::string>& words, const auto& help) {
        std::string out;
        for (const std::string& word : words)
            out += " " + shellQuoted(word + ":" + help(word));
        return out;
    };
    std::string groups, cases;
    for (const std::string& top : topWords())
        if (const auto below = wordsBelow(top); !below.empty())
            groups += "        " + top + ") words_here=(" +
                      describe(below,
                               [&](const std::string& word) {
                                   return std::string(findCommand(top + " " + word)->help);
                               }) +
                      " ) ;;\n";
    for (const CommandSpec& command : commands()) {
        const std::string second = secondWord(command.words);
        const std::string pattern =
            command.words.empty() ? "/" : firstWord(command.words) + "/" + (second.empty() ? "*" : second);
        cases += "        " + pattern + ") _arguments -s -S" + zshOptions(command);
        if (!command.arguments.empty())
            cases += " \\\n            " +
                     shellQuoted("*:" + zshText(command.arguments) + ":" + zshAction(command.arguments));
        cases += " ;;\n";
    }
    return "#compdef spillway\n# zsh completion for spillway, printed by: spillway help --completion zsh\n"
           "_spillway() {\n"
           "    local first= second= skip= word\n"
           "    local -i used=0 i\n"
           "    local -a words_here\n"
           "    for ((i = 2; i < CURRENT; i++)); do\n"
           "        word=$words[i]\n"
           "        [[ -z $skip ]] || { skip=; continue }\n"
           "        case $word in\n"
           "        (" +
           patterns(valueOptions()) +
           ") skip=yes ;;\n"
           "        (-*) ;;\n"
           "        (*) if [[ -z $first ]]; then first=$word used=i; elif [[ -z $second ]]; then "
           "second=$word; fi ;;\n"
           "        esac\n"
           "    done\n"
           "    if [[ -z $first && $words[CURRENT] != -* && -z $skip ]]; then\n"
           "        words_here=(" +
           describe(topWords(), topHelp) +
           " )\n"
           "    elif [[ -z $second && $words[CURRENT] != -* && -z $skip ]]; then\n"
           "        case $first in\n" +
           groups +
           "        esac\n"
           "    fi\n"
           "    if (( $#words_here )); then _describe command words_here; return; fi\n"
           "    case $first/$second in\n" +
           cases +
           "    esac\n"
           "}\n"
           "_spillway \"$@\"\n";
}

// fish

std::string fishOption(const OptionSpec& option, const std::string& condition)
{
    std::string out = "complete -c spillway" + condition + " -l " + std::string(option.name.substr(2));
    if (option.letter != 0)
        out += std::string(" -s ") + option.letter;
    if (option.kind != ValueKind::None) {
        const Offer offer = offerFor(option.valueName);
        out += offer == Offer::Nothing ? " -x"
               : offer == Offer::Files ? " -rF"
                                       : " -x -a '(__fish_complete_directories)'";
        if (const auto words = literals(option.valueName); !words.empty())
            out += " -a " + shellQuoted(joined(words));
    }
    return out + " -d " + shellQuoted(option.help) + "\n";
}

std::string fishScript()
{
    std::string out =
        "# fish completion for spillway, printed by: spillway help --completion fish\n"
        "function __spillway_words\n"
        "    set -l skip\n"
        "    for word in (commandline -opc)[2..]\n"
        "        if test -n \"$skip\"\n            set skip\n            continue\n        end\n"
        "        switch $word\n"
        "            case " +
        joined([] {
            std::vector<std::string> names;
            for (const std::string& name : valueOptions())
                names.push_back(shellQuoted(name));
            return names;
        }()) +
        "\n                set skip yes\n"
        "            case '-*'\n"
        "            case '*'\n                echo $word\n"
        "        end\n    end\nend\n"
        "function __spillway_at\n"
        "    set -l words (__spillway_words)\n"
        "    test (count $words) -ge (count $argv); and test \"$words[1..\"(count $argv)\"]\" = "
        "\"$argv\"\nend\n"
        "function __spillway_needs\n"
        "    set -l words (__spillway_words)\n"
        "    test \"$words\" = \"$argv\"\nend\n"
        "complete -c spillway -f\n";
    for (const std::string& top : topWords()) {
        out +=
            "complete -c spillway -n __spillway_needs -a " + top + " -d " + shellQuoted(topHelp(top)) + "\n";
        for (const std::string& below : wordsBelow(top))
            out += "complete -c spillway -n '__spillway_needs " + top + "' -a " + below + " -d " +
                   shellQuoted(findCommand(top + " " + below)->help) + "\n";
    }
    for (const CommandSpec& command : commands()) {
        const std::string condition = command.words.empty()
                                          ? " -n __spillway_needs"
                                          : " -n '__spillway_at " + std::string(command.words) + "'";
        for (const OptionSpec& option : command.options)
            out += fishOption(option, condition);
        if (offerFor(command.arguments) == Offer::Files)
            out += "complete -c spillway" + condition + " -F\n";
    }
    for (const OptionSpec& option : commonOptions())
        out += fishOption(option, {});
    return out;
}

} // namespace

std::string completionScript(std::string_view shell)
{
    if (shell == "bash")
        return bashScript();
    if (shell == "zsh")
        return zshScript();
    if (shell == "fish")
        return fishScript();
    return {};
}

} // namespace spillway::config
