// SPDX-License-Identifier: BSL-1.0
// The round trip within one process.
int round_trip_in_process();

int main() {
    return round_trip_in_process();
}
