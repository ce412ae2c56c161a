// SPDX-License-Identifier: BSL-1.0
// A hostile server, and a call to it, each in its own process. The call prints its peak resident
// memory.
#include "../tests/jobs/hostile_answers.hpp"
#include "peak_memory.hpp"
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

constexpr std::size_t much = std::size_t(1) << 30;

int print_names() {
    for (hostile::attack const& each : hostile::attacks(much))
        std::printf("%s\t%s\n", each.hostile ? "hostile" : "well", each.name.c_str());
    return 0;
}

/// Serves until it is killed. Prints its address, the call to make, and its deadline.
int serve(std::string_view name, bool harms) {
    for (hostile::attack const& each : hostile::attacks(much)) {
        if (each.name != name)
            continue;
        hostile::answer const answer = harms ? each.hostile : hostile::well(each.what);
        raw_server server(std::vector(64, hostile::serving(each.what, answer)));
        std::printf("%d %d %d\n", int(server.port()), int(each.what), int(each.deadline.count()));
        std::fflush(stdout);
        for (;;)
            pause();
    }
    return 2;
}

int call(char** words) {
    eloqua::bulk::origin where;
    where.scheme = "http";
    where.host = "127.0.0.1";
    where.port = static_cast<std::uint16_t>(std::atoi(words[0]));
    auto const why = hostile::call(static_cast<hostile::doing>(std::atoi(words[1])), where,
                                   std::chrono::milliseconds(std::atoi(words[2])));
    std::printf("peak %ld KiB; %s\n", peak_kib(), why ? why->code.message().c_str() : "well");
    return 0;
}

} // namespace

int main(int argc, char** argv) try {
    std::string_view const what = argc < 2 ? "" : argv[1];
    if (argc == 2 && what == "names")
        return print_names();
    if (argc == 4 && what == "serve")
        return serve(argv[2], std::string_view(argv[3]) == "hostile");
    if (argc == 5 && what == "call")
        return call(argv + 2);
    std::fputs("usage: hostile_call names\n"
               "       hostile_call serve NAME hostile|well\n"
               "       hostile_call call PORT WHAT MILLISECONDS\n",
               stderr);
    return 2;
} catch (std::exception const& e) {
    std::fprintf(stderr, "hostile_call: %s\n", e.what());
    return 1;
}
