// Every header of the module, compiled alone once so that each is complete in itself.
#include "indicators/events.hpp"
#include "indicators/extremes.hpp"
#include "indicators/moving_averages.hpp"
#include "indicators/oscillators.hpp"
#include "indicators/statistics.hpp"
#include "indicators/volatility.hpp"
#include "indicators/volume.hpp"
#include "indicators/window.hpp"
