import {Component, onMounted, onWillUnmount, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

// Often enough to see it move, seldom enough not to slow down what is watched.
const PAUSE = 3000;

/** As long as it is shown, the record is read again every few seconds. */
export class ArRefresh extends Component {
    static props = standardWidgetProps;
    static template = xml`<i class="fa fa-circle-o-notch fa-spin" aria-hidden="true"/>`;

    setup() {
        let timer = null;
        const wait = () => {
            timer = setTimeout(async () => {
                await this.props.record.load();
                // unmounted meanwhile: there is no timer any more
                if (timer) {
                    wait();
                }
            }, PAUSE);
        };
        onMounted(wait);
        onWillUnmount(() => {
            clearTimeout(timer);
            timer = null;
        });
    }
}

registry.category("view_widgets").add("ar_refresh", {component: ArRefresh});
