export { LiveDashboard as default } from '~/features/organizer/live-dashboard.tsx';
