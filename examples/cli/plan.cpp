// SPDX-License-Identifier: BSL-1.0
#include "plan.hpp"

#include <eloqua/bulk/time_windows.hpp>

#include "text.hpp"
#include <chrono>

namespace cli {

namespace {

/// "people.csv.gz" becomes "people.07.csv.gz".
std::string part_of(std::string const& output, std::string const& number) {
    std::size_t const name = output.rfind('/') == output.npos ? 0 : output.rfind('/') + 1;
    std::size_t const dot = output.find('.', name + 1);
    std::size_t const at = dot == output.npos ? output.size() : dot;
    return output.substr(0, at) + '.' + number + output.substr(at);
}

std::string command_for(plan_arguments const& given, std::string const& from, std::string const& to,
                        std::string const& number) {
    export_arguments const& of = given.of;
    std::vector<std::string> words{given.program, "export", of.entity.name};
    auto const add = [&words](std::string const& option, std::string const& value) {
        if (!value.empty())
            words.insert(words.end(), {option, value});
    };
    if (!of.entity.which.empty())
        words.push_back(of.entity.which);
    add("--type", of.entity.type);
    for (std::string const& each : of.columns)
        add("--columns", each);
    for (std::string const& each : of.column)
        add("--column", each);
    add("--where", of.where);
    add("--created", from + ".." + to);
    add("--unique-by", of.unique_by);
    add("--format", of.output.format);
    add("--output", part_of(of.output.output, number));
    if (of.start_over)
        words.push_back("--start-over");
    words.insert(words.end(), given.options.begin(), given.options.end());
    std::string line;
    for (std::string const& each : words)
        line += (line.empty() ? "" : " ") + shell_word(each);
    return line;
}

} // namespace

exit_code run_plan(plan_arguments given) {
    (void)entity_of(given.of.entity);
    if (given.of.columns.empty() && given.of.column.empty())
        given.of.columns = {"*"};
    if (given.of.output.output.empty())
        given.of.output.output = given.of.entity.name + ".csv";
    (void)chosen_columns(given.of);
    any_output const output = output_of(given.of.output);
    auto const* const file = std::get_if<file_output>(&output);
    if (!file || file->standard_output)
        throw bad_usage("a plan needs -o FILE; each window has a file of its own");
    auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    time_range const range = time_range_of("--created", given.of.created, now);
    bulk::time_window const whole{range.from, range.to};
    if (given.windows > whole.length().count())
        throw bad_usage("--windows: the range has only " + std::to_string(whole.length().count()) +
                        " seconds");
    std::size_t const digits = std::to_string(given.windows).size();
    std::int64_t count = 0;
    for (bulk::time_window const window : bulk::time_windows::split(whole, given.windows)) {
        std::string const text = window.text(); // "FROM/TO"
        std::size_t const slash = text.find('/');
        std::string const from = text.substr(0, slash), to = text.substr(slash + 1);
        std::string number = std::to_string(++count);
        number.insert(0, digits - number.size(), '0');
        std::string const command = command_for(given, from, to, number);
        if (command.find_first_of("\t\r\n") != std::string::npos)
            throw bad_usage(
                "a plan has one line per window, so no argument may have tabs or line ends");
        say(number + '\t' + from + '\t' + to + '\t' + command);
    }
    flush_output();
    return exit_code::complete;
}

} // namespace cli
